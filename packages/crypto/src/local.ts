import { type KeyObject, randomBytes } from 'node:crypto'
import { decrypt, encrypt, ivLength, tagLength } from './aes-gcm.ts'
import { CryptoError } from './crypto-error.ts'
import type { EncryptionContext, KeyProvider } from './key-provider.ts'
import { secretKey } from './keyring.ts'
import { lengthPrefixed } from './length-prefixed.ts'
import { type Purpose, purposes } from './slot.ts'

export interface LocalKeyProviderOptions {
  /** 32 raw bytes each. A purpose without a key can neither be sealed nor opened. */
  readonly keys: Readonly<Partial<Record<Purpose, Uint8Array>>>
}

/**
 * A key provider for machines without AWS: wraps data keys with one key per purpose, kept in this process.
 * Services that share a purpose share its key, so what they may do with it is held by their code alone.
 */
export function createLocalKeyProvider({ keys }: LocalKeyProviderOptions): KeyProvider {
  const byPurpose = new Map<string, KeyObject>()
  for (const purpose of purposes) {
    const key = keys[purpose]
    if (key) byPurpose.set(purpose, secretKey(key))
  }
  return {
    generate: async (context) => {
      const plaintext = randomBytes(32)
      const wrapped = wrap(keyFor(byPurpose, context), plaintext, context)
      return { plaintext, wrapped, keyId: keyIdFor(context) }
    },
    unwrap: async (wrapped, keyId, context) => {
      const key = keyFor(byPurpose, context)
      const plaintext = keyId === keyIdFor(context) ? unwrap(key, wrapped, context) : undefined
      if (plaintext?.length !== 32) throw new CryptoError('SEAL_UNOPENABLE')
      return plaintext
    },
  }
}

function keyFor(keys: ReadonlyMap<string, KeyObject>, context: EncryptionContext): KeyObject {
  const key = keys.get(context.purpose ?? '')
  if (!key) throw new CryptoError('SEAL_KEYS_UNAVAILABLE')
  return key
}

function keyIdFor({ purpose = '' }: EncryptionContext): string {
  return localKeyId(purpose)
}

/** What messages call the local key of a purpose. */
export function localKeyId(purpose: string): string {
  return `local:${purpose}`
}

function wrap(key: KeyObject, plaintext: Uint8Array, context: EncryptionContext): Uint8Array {
  const { iv, ciphertext, tag } = encrypt(key, plaintext, boundTo(context))
  return Buffer.concat([iv, ciphertext, tag])
}

function unwrap(
  key: KeyObject,
  wrapped: Uint8Array,
  context: EncryptionContext,
): Uint8Array | undefined {
  const parts = {
    iv: wrapped.subarray(0, ivLength),
    ciphertext: wrapped.subarray(ivLength, -tagLength),
    tag: wrapped.subarray(-tagLength),
  }
  return decrypt(key, parts, boundTo(context))
}

/** The context in one order, whatever order its members were written in. */
function boundTo(context: EncryptionContext): Uint8Array {
  return lengthPrefixed(['anteroom-wrap-1', ...Object.entries(context).sort(byName).flat()])
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1
}
