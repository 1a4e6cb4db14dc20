import { createHmac, type KeyObject } from 'node:crypto'
import type { Keyring } from './keyring.ts'
import { lengthPrefixed } from './length-prefixed.ts'

/** Tells whether two values are the same without keeping them. */
export interface Fingerprint {
  /** HMAC-SHA-256 under the newest key, base64url, 43 characters. */
  write(value: string): string
  /** The same under every key, newest first: finds what was written before the newest key came. */
  read(value: string): readonly string[]
}

/** @param label What the fingerprints are of, such as `ssn`: the same value under another label looks different. */
export function createFingerprint(
  keyring: Pick<Keyring, 'keys' | 'newest'>,
  label: string,
): Fingerprint {
  const fingerprint = (key: KeyObject, value: string) =>
    createHmac('sha256', key)
      .update(lengthPrefixed(['anteroom-fingerprint-1', label, value]))
      .digest('base64url')
  return {
    write: (value) => fingerprint(keyring.newest.key, value),
    read: (value) => keyring.keys.map(({ key }) => fingerprint(key, value)),
  }
}
