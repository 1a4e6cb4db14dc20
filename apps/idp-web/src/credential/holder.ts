import { hash } from 'node:crypto'
import type { Session } from '../session/session.ts'

/** What the line knows a session by: it stays the same however the session's id changes, and opens nothing. */
export function holderOf({ slot }: Pick<Session, 'slot'>): string {
  return hash('sha256', `anteroom line ${slot}`, 'base64url')
}
