import { DocumentReaderError } from '@anteroom/document-reader'

/**
 * Whether our reader ran into its own time limit. That is an answer about the images, which would take as long again:
 * if it gave the attempt back, anybody could keep the reader busy for ever.
 */
export function isTooSlow(error: unknown): boolean {
  return error instanceof DocumentReaderError && error.code === 'READING_TIMED_OUT'
}
