import { decrypt, encrypt } from './aes-gcm.ts'
import { deriveContentKey } from './content-key.ts'
import { CryptoError } from './crypto-error.ts'
import type { EncryptionContext, KeyProvider } from './key-provider.ts'
import type { Keyring } from './keyring.ts'
import { encodeHeader, encodeMessage, type ParsedMessage, parseMessage } from './message.ts'
import type { Slot } from './slot.ts'

/** `open` fails with `SEAL_UNOPENABLE` or `SEAL_KEYS_UNAVAILABLE`, `seal` with the latter alone. */
export interface Sealer {
  seal(slot: Slot, plaintext: Uint8Array | string): Promise<string>
  open(slot: Slot, message: string): Promise<Uint8Array>
}

export interface SealerOptions {
  readonly provider: KeyProvider
  readonly keyring: Keyring
  /** Such as `production`. What one environment sealed does not open in another. */
  readonly environment: string
}

/** Seals into and opens compact JWE messages (RFC 7516, `dir`, `A256GCM`), one fresh data key each. */
export function createSealer(options: SealerOptions): Sealer {
  return {
    seal: (slot, plaintext) => seal(options, slot, Buffer.from(plaintext)),
    open: (slot, message) => open(options, slot, message),
  }
}

async function seal(options: SealerOptions, slot: Slot, plaintext: Uint8Array): Promise<string> {
  const { provider, keyring, environment } = options
  const dataKey = await provider.generate(encryptionContext(environment, slot))
  const contentKey = deriveContentKey({
    dataKey: dataKey.plaintext,
    keyringKey: keyring.newest.key,
    environment,
    slot,
  })
  dataKey.plaintext.fill(0)
  const header = encodeHeader({
    keyringKeyId: keyring.newest.id,
    providerKeyId: dataKey.keyId,
    wrappedDataKey: dataKey.wrapped,
  })
  return encodeMessage(header, encrypt(contentKey, plaintext, Buffer.from(header, 'ascii')))
}

async function open(options: SealerOptions, slot: Slot, message: string): Promise<Uint8Array> {
  const parsed = parseMessage(message)
  const plaintext = parsed && (await openParsed(options, slot, parsed))
  if (!plaintext) throw new CryptoError('SEAL_UNOPENABLE')
  return plaintext
}

async function openParsed(
  { provider, keyring, environment }: SealerOptions,
  slot: Slot,
  { keys, encrypted, aad }: ParsedMessage,
): Promise<Uint8Array | undefined> {
  const keyringKey = keyring.find(keys.keyringKeyId)
  if (!keyringKey) return undefined
  const context = encryptionContext(environment, slot)
  const dataKey = await provider.unwrap(keys.wrappedDataKey, keys.providerKeyId, context)
  const contentKey = deriveContentKey({ dataKey, keyringKey, environment, slot })
  dataKey.fill(0)
  return decrypt(contentKey, encrypted, aad)
}

function encryptionContext(environment: string, slot: Slot): EncryptionContext {
  return {
    app: 'anteroom',
    environment,
    purpose: slot.purpose,
    name: slot.name,
    id: slot.id,
  }
}
