import { KMSClient } from '@aws-sdk/client-kms'
import { CryptoError } from './crypto-error.ts'
import type { KeyProvider } from './key-provider.ts'
import { createKeyring, type KeyringKey } from './keyring.ts'
import { createKmsKeyProvider } from './kms.ts'
import { createLocalKeyProvider, localKeyId } from './local.ts'
import { messageStart } from './message.ts'
import { createSealer, type Sealer } from './sealer.ts'
import { type Purpose, purposes } from './slot.ts'

/** What a service's settings say about sealing. Local keys are listed by purpose. */
export interface SealingSettings {
  readonly environment: string
  readonly keyProvider: 'kms' | 'local'
  readonly kmsKeyId?: string | undefined
  readonly kmsOlderKeyIds?: readonly string[] | undefined
  readonly kmsEndpoint?: string | undefined
  readonly awsRegion: string
  readonly localKeys?: readonly KeyringKey[] | undefined
  readonly sessionEncryptionKeys: readonly KeyringKey[]
}

/**
 * Throws `KEYRING_INVALID` where keys are missing, misnamed or of a wrong size.
 *
 * @param keysWithinMs How long KMS may take over one data key, repetition included.
 */
export function createSealerFromSettings(
  settings: SealingSettings,
  { keysWithinMs }: { readonly keysWithinMs: number },
): Sealer {
  return createSealer({
    provider:
      settings.keyProvider === 'kms'
        ? kmsProvider(settings, keysWithinMs)
        : localProvider(settings),
    keyring: createKeyring(settings.sessionEncryptionKeys),
    environment: settings.environment,
  })
}

/** How every message of this purpose begins that the newest keys sealed: what begins otherwise, older keys have sealed. */
export function startOfNewest(settings: SealingSettings, purpose: Purpose): string {
  const { keyProvider, kmsKeyId = '', sessionEncryptionKeys } = settings
  return messageStart({
    keyringKeyId: createKeyring(sessionEncryptionKeys).newest.id,
    providerKeyId: keyProvider === 'kms' ? kmsKeyId : localKeyId(purpose),
  })
}

function kmsProvider(settings: SealingSettings, keysWithinMs: number): KeyProvider {
  const { kmsKeyId = '', kmsOlderKeyIds = [], kmsEndpoint, awsRegion } = settings
  const client = new KMSClient({
    region: awsRegion,
    maxAttempts: 2,
    // Less than half, so that a lost packet is made good by asking again.
    requestHandler: {
      connectionTimeout: keysWithinMs / 3,
      requestTimeout: keysWithinMs * 0.47,
      throwOnRequestTimeout: true,
    },
    ...(kmsEndpoint !== undefined && { endpoint: kmsEndpoint }),
  })
  return createKmsKeyProvider({
    client,
    keyId: kmsKeyId,
    olderKeyIds: kmsOlderKeyIds,
    timeoutMs: keysWithinMs,
  })
}

function localProvider({ localKeys = [] }: SealingSettings): KeyProvider {
  const named = new Set(localKeys.map(({ id }) => id))
  if (named.size !== localKeys.length || ![...named].every(isPurpose)) {
    throw new CryptoError('KEYRING_INVALID')
  }
  return createLocalKeyProvider({
    keys: Object.fromEntries(localKeys.map(({ id, key }) => [id, key])),
  })
}

function isPurpose(id: string): id is Purpose {
  return purposes.some((purpose) => purpose === id)
}
