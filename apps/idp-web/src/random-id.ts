import { hash, randomBytes } from 'node:crypto'

/** 256 random bits, base64url: 43 characters that nobody guesses. */
export function randomId(): string {
  return randomBytes(32).toString('base64url')
}

export const idPattern = /^[\w-]{43}$/

/** SHA-256, base64url: finds what belongs to an id again, without letting a reader of what is kept use the id. */
export function hashOfId(id: string): string {
  return hash('sha256', id, 'base64url')
}
