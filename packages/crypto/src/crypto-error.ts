const messages = {
  /** The message does not open here: damaged, foreign, moved to another slot, or sealed with a key that is not listed. */
  SEAL_UNOPENABLE: 'The message does not open',
  /** The key provider gave no key: not reachable, too slow, or it does not let this service do this. */
  SEAL_KEYS_UNAVAILABLE: 'The key provider gave no key',
  /** A key or key id handed in at start is not what it must be. */
  KEYRING_INVALID: 'The keys are not usable',
} as const

export type CryptoErrorCode = keyof typeof messages

/** `SEAL_UNOPENABLE` never has a `cause`: why a message does not open is nobody's to learn. */
export class CryptoError extends Error {
  override readonly name = 'CryptoError'
  readonly code: CryptoErrorCode

  constructor(code: CryptoErrorCode, options?: { readonly cause: unknown }) {
    super(messages[code], options)
    this.code = code
  }
}
