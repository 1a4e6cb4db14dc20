/** Statuses we answer with a page that says no more than the status does. */
export type ErrorStatus = 400 | 403 | 404 | 413 | 415 | 429 | 500 | 503

/** Ends a request with the page of a status. The code is for the log alone. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: ErrorStatus
  readonly code: string

  constructor(status: ErrorStatus, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}
