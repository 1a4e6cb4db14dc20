import type { KeyProvider } from '../src/key-provider.ts'
import { createKeyring } from '../src/keyring.ts'
import { createLocalKeyProvider } from '../src/local.ts'
import { createSealer, type Sealer } from '../src/sealer.ts'
import { purposes, type Slot } from '../src/slot.ts'

export const slot: Slot = {
  purpose: 'payload',
  name: 'resolution-proofing',
  id: 'b0Zm1Y4cW2Jx8Qe5Tn7Uk3Vh6Rg9Sd0Lf2Pa4Oi7Ny',
}

export const oldKey = { id: '2026-05', key: new Uint8Array(32).fill(5) }
export const newKey = { id: '2026-11', key: new Uint8Array(32).fill(11) }

/** A different key for each purpose. */
export const localKeys = Object.fromEntries(
  purposes.map((purpose, index) => [purpose, new Uint8Array(32).fill(100 + index)]),
)

/** The same data key for everybody: what it seals is held by derivation and encryption alone. */
export const blindProvider: KeyProvider = {
  generate: async () => ({
    plaintext: new Uint8Array(32).fill(77),
    wrapped: new Uint8Array(60).fill(78),
    keyId: 'blind',
  }),
  unwrap: async () => new Uint8Array(32).fill(77),
}

export const localProvider = createLocalKeyProvider({ keys: localKeys })

export function sealerWith(provider: KeyProvider, environment = 'test'): Sealer {
  return createSealer({ provider, keyring: createKeyring([newKey, oldKey]), environment })
}
