import { ProblemError } from './problems.ts'
import type { Place } from './transfer-rows.ts'

/** Where a page of the list ended, as text that consumers give back as it is. */
export function writeCursor({ at, id }: Place): string {
  return Buffer.from(`${at}.${id}`).toString('base64url')
}

/** @throws ProblemError for what we never wrote */
export function readCursor(cursor: string): Place {
  const text = Buffer.from(cursor, 'base64url').toString()
  const [, at, id] = /^(\d{1,17})\.([A-Za-z0-9_-]{22})$/.exec(text) ?? []
  if (at !== undefined && id !== undefined) return { at, id }
  const errors = [{ pointer: 'cursor', detail: 'is none that was given' }]
  throw new ProblemError('invalid-request', { errors })
}
