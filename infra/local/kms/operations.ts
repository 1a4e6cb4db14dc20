import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { decrypt, encrypt, readEnvelope } from './ciphertext.ts'
import { KmsError } from './error.ts'
import { type EncryptionContext, isGranted, type KmsKey, type KmsOperation } from './keys.ts'

export interface KmsCall {
  readonly operation: string
  readonly body: Buffer
  readonly principal: string
}

type Keys = ReadonlyMap<string, KmsKey>
interface Caller {
  readonly principal: string
  readonly operation: KmsOperation
}

const algorithm = 'SYMMETRIC_DEFAULT'
const maxPlaintextBytes = 4096
const maxCiphertextBytes = 6144

const requests = {
  GenerateDataKey: z.object({
    KeyId: z.string(),
    KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
    NumberOfBytes: z.int().min(1).max(1024).optional(),
    EncryptionContext: contextSchema(),
  }),
  Encrypt: z.object({
    KeyId: z.string(),
    Plaintext: bytesSchema(maxPlaintextBytes),
    EncryptionContext: contextSchema(),
  }),
  Decrypt: z.object({
    KeyId: z.string().optional(),
    CiphertextBlob: bytesSchema(maxCiphertextBytes),
    EncryptionContext: contextSchema(),
  }),
  DescribeKey: z.object({ KeyId: z.string() }),
}

/** One call, already known to come from `principal`. Throws a KmsError. */
export function handleOperation({ operation, body, principal }: KmsCall, keys: Keys): object {
  const input = parseJson(body)
  switch (operation) {
    case 'GenerateDataKey':
      return generateDataKey(keys, { principal, operation }, parse(requests[operation], input))
    case 'Encrypt':
      return encryptOnce(keys, { principal, operation }, parse(requests[operation], input))
    case 'Decrypt':
      return decryptOnce(keys, { principal, operation }, parse(requests[operation], input))
    case 'DescribeKey':
      return describeKey(keys, { principal, operation }, parse(requests[operation], input))
    default:
      throw new KmsError('UnknownOperationException')
  }
}

function generateDataKey(
  keys: Keys,
  caller: Caller,
  request: z.output<typeof requests.GenerateDataKey>,
): object {
  const { KeySpec, NumberOfBytes, EncryptionContext } = request
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw new KmsError('ValidationException')
  }
  const key = usableKey(findKey(keys, request.KeyId), caller, EncryptionContext)
  const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32))
  return {
    KeyId: key.arn,
    Plaintext: plaintext.toString('base64'),
    CiphertextBlob: encrypt(key, plaintext, EncryptionContext).toString('base64'),
  }
}

function encryptOnce(
  keys: Keys,
  caller: Caller,
  { KeyId, Plaintext, EncryptionContext }: z.output<typeof requests.Encrypt>,
): object {
  const key = usableKey(findKey(keys, KeyId), caller, EncryptionContext)
  return {
    KeyId: key.arn,
    CiphertextBlob: encrypt(key, Plaintext, EncryptionContext).toString('base64'),
    EncryptionAlgorithm: algorithm,
  }
}

function decryptOnce(
  keys: Keys,
  caller: Caller,
  { KeyId, CiphertextBlob, EncryptionContext }: z.output<typeof requests.Decrypt>,
): object {
  const envelope = readEnvelope(CiphertextBlob)
  const sealedBy = envelope && keys.get(envelope.keyId)
  if (!envelope || !sealedBy) throw new KmsError('InvalidCiphertextException')
  if (KeyId !== undefined && findKey(keys, KeyId) !== sealedBy) {
    throw new KmsError('IncorrectKeyException')
  }
  const key = usableKey(sealedBy, caller, EncryptionContext)
  const plaintext = decrypt(key, envelope, EncryptionContext)
  if (!plaintext) throw new KmsError('InvalidCiphertextException')
  return {
    KeyId: key.arn,
    Plaintext: plaintext.toString('base64'),
    EncryptionAlgorithm: algorithm,
  }
}

function describeKey(
  keys: Keys,
  caller: Caller,
  { KeyId }: z.output<typeof requests.DescribeKey>,
): object {
  const key = findKey(keys, KeyId)
  if (!isGranted(key, caller, {})) throw new KmsError('AccessDeniedException')
  return {
    KeyMetadata: {
      KeyId: key.id,
      Arn: key.arn,
      Enabled: key.enabled,
      KeyState: key.enabled ? 'Enabled' : 'Disabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeySpec: algorithm,
      EncryptionAlgorithms: [algorithm],
    },
  }
}

/** A key is named by its id or by its ARN. */
function findKey(keys: Keys, name: string): KmsKey {
  const key = keys.get(name) ?? [...keys.values()].find(({ arn }) => arn === name)
  if (!key) throw new KmsError('NotFoundException')
  return key
}

/** As in AWS, the policy is asked before the state of the key: a stranger does not learn it. */
function usableKey(key: KmsKey, caller: Caller, context: EncryptionContext): KmsKey {
  if (!isGranted(key, caller, context)) throw new KmsError('AccessDeniedException')
  if (!key.enabled) throw new KmsError('DisabledException')
  return key
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new KmsError('SerializationException')
  }
}

function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input)
  if (!parsed.success) throw new KmsError('ValidationException')
  return parsed.data
}

function contextSchema() {
  return z.record(z.string(), z.string()).default({})
}

function bytesSchema(maxBytes: number) {
  return z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length >= 1 && bytes.length <= maxBytes)
}
