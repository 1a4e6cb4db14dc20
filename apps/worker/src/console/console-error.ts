/** What a request cannot be given. The message is a sentence for the operator. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError'
  readonly status: 400 | 403 | 404 | 429 | 503

  constructor(status: ConsoleError['status'], message: string) {
    super(message)
    this.status = status
  }
}
