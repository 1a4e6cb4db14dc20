/** An e-mail to somebody. Its words are the worker's. */
export interface Mail {
  readonly to: string
  readonly template:
    | 'confirm-address'
    | 'already-an-account'
    | 'recovery'
    | 'no-account'
    | 'new-address'
    | 'address-changed'
    | 'password-changed'
    | 'factor-added'
    | 'factor-removed'
    | 'new-sign-in'
    | 'account-deleted'
  /** Of our own pages. */
  readonly link?: string
  readonly values?: Readonly<Record<string, string>>
}

/** Enqueues it. That it is sent, or why it was not, nobody here learns. */
export type SendMail = (mail: Mail) => Promise<void>
