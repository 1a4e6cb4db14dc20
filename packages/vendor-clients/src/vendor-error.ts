const messages = {
  VENDOR_TIMEOUT: 'The vendor did not answer in time',
  VENDOR_UNAVAILABLE: 'The vendor cannot be reached or is out of order',
  VENDOR_BUSY: 'The vendor asks to be left alone for a while',
  VENDOR_REFUSED: 'The vendor refuses the request',
  VENDOR_REPLY_INVALID: 'The vendor answered something that its schema does not allow',
  PROXY_UNAVAILABLE: 'The outbound proxy cannot be reached',
  PROXY_REFUSED: 'The outbound proxy refuses the connection',
  CALL_ABORTED: 'The call was called off',
} as const

export type VendorErrorCode = keyof typeof messages

interface VendorErrorOptions {
  readonly cause: Error
  readonly retryAfterMs?: number | undefined
}

/**
 * A vendor call that brought no answer. Message and cause are ours alone: the cause names a system error or an HTTP
 * status and never holds a request, a reply or a word of the vendor, so the whole error may be logged.
 */
export class VendorError extends Error {
  override readonly name = 'VendorError'
  readonly code: VendorErrorCode
  /** After how long it may be asked again, by its own word; only of `VENDOR_BUSY`. */
  readonly retryAfterMs: number | undefined

  constructor(code: VendorErrorCode, options?: VendorErrorOptions) {
    super(messages[code], options)
    this.code = code
    this.retryAfterMs = options?.retryAfterMs
  }
}
