/** Why a token is not pushed, though nothing was asked of the partner. */
export class ReceiverError extends Error {
  override readonly name = 'ReceiverError'
  /** `RECEIVER_UNKNOWN`: the partners file, as this process has read it, does not say where the partner wants to be told. */
  readonly code: 'RECEIVER_UNKNOWN' | 'SET_EXPIRED'

  constructor(code: ReceiverError['code']) {
    super(code)
    this.code = code
  }
}
