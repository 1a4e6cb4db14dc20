import {
  createKeyring,
  createKmsKeyProvider,
  createLocalKeyProvider,
  createSealer,
  type Sealer,
} from '@anteroom/crypto'
import { KMSClient } from '@aws-sdk/client-kms'
import { localRegion } from './aws-principals.ts'
import { kmsKeyId } from './policies.ts'
import type { Secrets } from './secrets.ts'
import type { KeyProvider } from './services.ts'

/** Seals as operators' commands do, for what a local stack brings along: secrets in files, and the sample consumer's webhook. */
export function operatorsSealer(
  keys: KeyProvider,
  { kmsUrl, secrets }: { readonly kmsUrl: string; readonly secrets: Secrets },
): Sealer {
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const provider = () => {
    if (keys === 'local') {
      const { localRecord: record, localSettings: settings } = secrets
      return createLocalKeyProvider({ keys: { record: bytes(record), settings: bytes(settings) } })
    }
    const client = new KMSClient({
      endpoint: kmsUrl,
      region: localRegion,
      credentials: { accessKeyId: 'LOCALOPS', secretAccessKey: secrets.awsOps },
    })
    return createKmsKeyProvider({ client, keyId: kmsKeyId })
  }
  return createSealer({
    provider: provider(),
    keyring: createKeyring([{ id: '1', key: bytes(secrets.sessionEncryption) }]),
    environment: 'local',
  })
}
