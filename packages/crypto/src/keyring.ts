import { createSecretKey, type KeyObject } from 'node:crypto'
import { CryptoError } from './crypto-error.ts'

export interface KeyringKey {
  readonly id: string
  /** 32 raw bytes, not their hex or base64. */
  readonly key: Uint8Array
}

/** The application's own keys. Holds them as key objects, which show nothing when logged. */
export interface Keyring {
  /** Newest first. */
  readonly keys: readonly { readonly id: string; readonly key: KeyObject }[]
  readonly newest: { readonly id: string; readonly key: KeyObject }
  find(id: string): KeyObject | undefined
}

/** The first key writes, all read. Throws `KEYRING_INVALID` for no key, a wrong size, or ids that are odd or used twice. */
export function createKeyring(keys: readonly KeyringKey[]): Keyring {
  const held = keys.map(({ id, key }) => ({ id, key: secretKey(key) }))
  const byId = new Map(held.map(({ id, key }) => [id, key]))
  const [newest] = held
  if (!newest || byId.size !== held.length || !held.every(({ id }) => keyIdShape.test(id))) {
    throw new CryptoError('KEYRING_INVALID')
  }
  return { keys: held, newest, find: (id) => byId.get(id) }
}

/** A 256-bit key as a key object. Throws `KEYRING_INVALID` for any other size. */
export function secretKey(bytes: Uint8Array): KeyObject {
  if (bytes.length !== 32) throw new CryptoError('KEYRING_INVALID')
  return createSecretKey(bytes)
}

// Key ids travel in every message's header, so they stay short and plain.
const keyIdShape = /^[A-Za-z0-9._-]{1,64}$/
