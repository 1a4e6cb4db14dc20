import { createSealerFromSettings, type Sealer } from '@anteroom/crypto'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'

/** Seals and opens what the web and the worker of a stack with `local` keys send each other. */
export function localSealer({ secrets }: Pick<LocalStack, 'secrets'>): Sealer {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
  return createSealerFromSettings(
    {
      environment: 'local',
      keyProvider: 'local',
      awsRegion: 'us-east-1',
      localKeys: [
        { id: 'payload', key: bytes(secrets.localPayload) },
        { id: 'result', key: bytes(secrets.localResult) },
        { id: 'settings', key: bytes(secrets.localSettings) },
      ],
      sessionEncryptionKeys: [{ id: '1', key: bytes(secrets.sessionEncryption) }],
    },
    { keysWithinMs: 5_000 },
  )
}
