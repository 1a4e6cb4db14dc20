/** Nothing can be sent from here. */
export class MailError extends Error {
  override readonly name = 'MailError'
  readonly code = 'MAIL_NOT_SET_UP'

  constructor() {
    super('This worker has no mail server')
  }
}
