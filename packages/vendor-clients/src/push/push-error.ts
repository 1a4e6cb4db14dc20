const messages = {
  PUSH_REFUSED: 'The receiver refuses what it was sent',
  PUSH_KEY_STALE: 'The receiver does not know the key of the token',
  PUSH_DENIED: 'The receiver does not let us in',
  PUSH_MISCONFIGURED: 'The receiver takes nothing at this address',
  PUSH_GONE: 'The receiver has given up this address for good',
  PUSH_BUSY: 'The receiver is out of order or asks to be left alone for a while',
  PUSH_UNREACHABLE: 'The receiver cannot be reached',
  PUSH_TIMEOUT: 'The receiver did not answer in time',
  PUSH_CERTIFICATE: 'A certificate, theirs or ours, is not accepted by the other side',
  PUSH_ADDRESS_FORBIDDEN: 'The address of the receiver is one that nobody may be led to',
  PROXY_UNAVAILABLE: 'The outbound proxy cannot be reached',
  PROXY_REFUSED: 'The outbound proxy refuses the connection',
  CALL_ABORTED: 'The call was called off',
} as const

export type PushErrorCode = keyof typeof messages

/** What a receiver may say of a token it does not take (RFC 8935, section 2.4). */
export const receiverErrors = [
  'invalid_request',
  'invalid_key',
  'invalid_issuer',
  'invalid_audience',
  'authentication_failed',
  'access_denied',
] as const

export type ReceiverError = (typeof receiverErrors)[number]

export interface PushFailure {
  /** A system's code or ours, never a word of the receiver's. */
  readonly cause?: Error
  readonly status?: number
  readonly err?: ReceiverError | undefined
  readonly retryAfterMs?: number | undefined
}

/**
 * A push that was not acknowledged. Like a VendorError it holds nothing of the request and no word of the answer, so the
 * whole error may be logged.
 *
 * `PUSH_REFUSED` with an `err` is for good: the same token will always be refused. Without one nobody knows: the receiver
 * answered 400 without a registered code, or another 4xx that says nothing.
 */
export class PushError extends Error {
  override readonly name = 'PushError'
  readonly code: PushErrorCode
  /** Of the receiver's answer, if there was one. */
  readonly status: number | undefined
  /** What the receiver says of the token; only of status 400, and only the registered codes. */
  readonly err: ReceiverError | undefined
  /** For how long the receiver wants to be left alone, by its own word: from a second to a day. Only of `PUSH_BUSY`. */
  readonly retryAfterMs: number | undefined

  constructor(code: PushErrorCode, { cause, status, err, retryAfterMs }: PushFailure = {}) {
    super(messages[code], cause && { cause })
    this.code = code
    this.status = status
    this.err = err
    this.retryAfterMs = retryAfterMs
  }
}
