import { randomBytes } from 'node:crypto'

/** 256 random bits, base64url: 43 characters that nobody guesses. */
export function randomId(): string {
  return randomBytes(32).toString('base64url')
}
