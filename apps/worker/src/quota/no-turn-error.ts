/** A job that has begun may not call its vendor now, and need not wait for it here. */
export class NoTurnError extends Error {
  override readonly name = 'NoTurnError'
  readonly code = 'QUOTA_NO_TURN'
  readonly askAgainMs: number

  constructor(askAgainMs: number) {
    super('QUOTA_NO_TURN')
    this.askAgainMs = askAgainMs
  }
}
