/** Readable by the provider and its audit log; the same context must be given to unwrap. */
export type EncryptionContext = Readonly<Record<string, string>>

export interface DataKey {
  /** 32 bytes. Handed over: whoever asked for it wipes it. */
  readonly plaintext: Uint8Array
  readonly wrapped: Uint8Array
  /** Names the key that wrapped it, for `unwrap`. */
  readonly keyId: string
}

/**
 * Gives one fresh data key per message. Both functions fail with `CryptoError`: `SEAL_UNOPENABLE` when the
 * wrapped key is not one of this provider's for this context, `SEAL_KEYS_UNAVAILABLE` for anything else.
 */
export interface KeyProvider {
  generate(context: EncryptionContext): Promise<DataKey>
  unwrap(wrapped: Uint8Array, keyId: string, context: EncryptionContext): Promise<Uint8Array>
}
