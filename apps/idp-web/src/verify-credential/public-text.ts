import { createHash } from 'node:crypto'

/** A text that is the same for everybody, with what tells whether it has changed. */
export interface PublicText {
  readonly text: string
  /** As the header says it, quotes included. */
  readonly etag: string
}

export function publicText(text: string): PublicText {
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
}
