const messages = {
  /** Nobody waits for the reading any more. */
  READING_ABORTED: 'The reading was called off',
  /** The images took longer to read than any honest image does. */
  READING_TIMED_OUT: 'The reading took too long',
  /** The thread died over it, for want of memory perhaps, or what it ran has a fault. */
  READING_FAILED: 'The reading failed',
} as const

export type DocumentReaderErrorCode = keyof typeof messages

export class DocumentReaderError extends Error {
  override readonly name = 'DocumentReaderError'
  readonly code: DocumentReaderErrorCode

  constructor(code: DocumentReaderErrorCode, options?: { readonly cause: unknown }) {
    super(messages[code], options)
    this.code = code
  }
}
