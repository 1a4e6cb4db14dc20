const messages = {
  CREDENTIALS_NOT_SET_UP: 'This worker has no key to sign credentials with, or no registry to ask',
  CREDENTIAL_REVOKED: 'The credential was revoked',
  REGISTRY_NUMBER_INVALID: 'The registry gave a number that no credential may have',
  REGISTRY_NUMBER_TAKEN: 'The registry gave a number that another credential has',
  REGISTRY_DAYS_INVALID: 'The registry gave days on which no credential may be good',
} as const

/** Why no credential was made. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError'
  readonly code: keyof typeof messages

  constructor(code: keyof typeof messages) {
    super(messages[code])
    this.code = code
  }
}
