/** What Graph answers when it will not: `{ "error": { "code", "message" } }`. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly status: number
  readonly code: string
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, code: string, retryAfterSeconds?: number) {
    super('The request is refused')
    this.status = status
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}
