/** A message to one person. Its words are the template's; nothing of it is logged. */
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
  readonly link?: string
  readonly values?: Readonly<Record<string, string>>
}
