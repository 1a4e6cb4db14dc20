import {
  DecryptCommand,
  type DecryptCommandInput,
  GenerateDataKeyCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  type KMSClient,
} from '@aws-sdk/client-kms'
import { CryptoError } from './crypto-error.ts'
import type { DataKey, EncryptionContext, KeyProvider } from './key-provider.ts'

export interface KmsKeyProviderOptions {
  readonly client: Pick<KMSClient, 'send'>
  /** Key id or ARN that wraps. Not an alias: messages name their key, and an alias moves. */
  readonly keyId: string
  /** Keys that wrapped earlier messages and still open them. A message that names another key is not even tried. */
  readonly olderKeyIds?: readonly string[]
  /** For one call, the client's own retries included. */
  readonly timeoutMs?: number
}

/** AWS KMS as key provider: GenerateDataKey and Decrypt, bound to the encryption context. Throws `KEYRING_INVALID` for an alias. */
export function createKmsKeyProvider({
  client,
  keyId,
  olderKeyIds = [],
  timeoutMs = 2000,
}: KmsKeyProviderOptions): KeyProvider {
  const readable = new Set([keyId, ...olderKeyIds])
  if (![...readable].every(isKeyIdOrArn)) throw new CryptoError('KEYRING_INVALID')
  const caller: Caller = { client, timeoutMs }
  return {
    generate: (context) => generate(caller, keyId, context),
    unwrap: async (wrapped, namedKeyId, context) => {
      if (!readable.has(namedKeyId)) throw new CryptoError('SEAL_UNOPENABLE')
      return unwrap(caller, {
        CiphertextBlob: wrapped,
        KeyId: namedKeyId,
        EncryptionContext: context,
      })
    },
  }
}

type Caller = Required<Pick<KmsKeyProviderOptions, 'client' | 'timeoutMs'>>

function isKeyIdOrArn(keyId: string): boolean {
  return keyId !== '' && !/(^|:)alias\//.test(keyId)
}

async function generate(
  { client, timeoutMs }: Caller,
  keyId: string,
  context: EncryptionContext,
): Promise<DataKey> {
  const command = new GenerateDataKeyCommand({
    KeyId: keyId,
    KeySpec: 'AES_256',
    EncryptionContext: context,
  })
  const abortSignal = AbortSignal.timeout(timeoutMs)
  const reply = await client.send(command, { abortSignal }).catch(refuse)
  if (!reply.CiphertextBlob) throw new CryptoError('SEAL_KEYS_UNAVAILABLE')
  return { plaintext: dataKeyOf(reply.Plaintext), wrapped: reply.CiphertextBlob, keyId }
}

async function unwrap(
  { client, timeoutMs }: Caller,
  input: DecryptCommandInput,
): Promise<Uint8Array> {
  const abortSignal = AbortSignal.timeout(timeoutMs)
  const reply = await client.send(new DecryptCommand(input), { abortSignal }).catch(refuse)
  return dataKeyOf(reply.Plaintext)
}

function dataKeyOf(plaintext: Uint8Array | undefined): Uint8Array {
  if (plaintext?.length !== 32) throw new CryptoError('SEAL_KEYS_UNAVAILABLE')
  return plaintext
}

function refuse(error: unknown): never {
  if (error instanceof InvalidCiphertextException || error instanceof IncorrectKeyException) {
    throw new CryptoError('SEAL_UNOPENABLE')
  }
  throw new CryptoError('SEAL_KEYS_UNAVAILABLE', { cause: error })
}
