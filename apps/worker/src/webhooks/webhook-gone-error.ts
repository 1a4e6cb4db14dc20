/** The receiver answered 410: it wants to be told nothing more of this. */
export class WebhookGoneError extends Error {
  override readonly name = 'WebhookGoneError'
  /** The web's word for it: it reaches its records as it is. */
  readonly code = 'gone'
}
