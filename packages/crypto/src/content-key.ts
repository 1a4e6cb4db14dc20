import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { lengthPrefixed } from './length-prefixed.ts'
import type { Slot } from './slot.ts'

export interface ContentKeyInput {
  readonly dataKey: Uint8Array
  readonly keyringKey: KeyObject
  readonly environment: string
  readonly slot: Slot
}

/**
 * The key of one message: HKDF-SHA-256 (RFC 5869) over the data key, salted with the application's key, so
 * that neither opens a message alone, and bound to the slot, so that it opens in no other.
 */
export function deriveContentKey({
  dataKey,
  keyringKey,
  environment,
  slot,
}: ContentKeyInput): KeyObject {
  const info = lengthPrefixed(['anteroom-1', environment, slot.purpose, slot.name, slot.id])
  const derived = hkdfSync('sha256', createSecretKey(dataKey), keyringKey.export(), info, 32)
  return createSecretKey(new Uint8Array(derived))
}
