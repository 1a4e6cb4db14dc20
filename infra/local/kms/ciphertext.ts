import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { EncryptionContext, KmsKey } from './keys.ts'

// version (1) | length of the key id (1) | key id | IV (12) | tag (16) | encrypted bytes
const version = 1
const ivBytes = 12
const tagBytes = 16

export interface Envelope {
  readonly keyId: string
  readonly iv: Buffer
  readonly tag: Buffer
  readonly encrypted: Buffer
}

export function encrypt(key: KmsKey, plaintext: Buffer, context: EncryptionContext): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key.material, iv, { authTagLength: tagBytes })
  cipher.setAAD(additionalData(key.id, context))
  const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()])
  const id = Buffer.from(key.id)
  return Buffer.concat([Buffer.of(version, id.length), id, iv, cipher.getAuthTag(), encrypted])
}

/** Undefined when the blob does not have the shape of a ciphertext of this server. */
export function readEnvelope(blob: Buffer): Envelope | undefined {
  const ivAt = 2 + (blob[1] ?? 0)
  const tagAt = ivAt + ivBytes
  const encryptedAt = tagAt + tagBytes
  if (blob[0] !== version || blob.length <= encryptedAt) return undefined
  return {
    keyId: blob.toString('utf8', 2, ivAt),
    iv: blob.subarray(ivAt, tagAt),
    tag: blob.subarray(tagAt, encryptedAt),
    encrypted: blob.subarray(encryptedAt),
  }
}

/** Undefined when anything, the context included, differs from what was encrypted. */
export function decrypt(
  key: KmsKey,
  envelope: Envelope,
  context: EncryptionContext,
): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key.material, envelope.iv, {
    authTagLength: tagBytes,
  })
  decipher.setAAD(additionalData(key.id, context))
  decipher.setAuthTag(envelope.tag)
  try {
    return Buffer.concat([decipher.update(envelope.encrypted), decipher.final()])
  } catch {
    return undefined
  }
}

function additionalData(keyId: string, context: EncryptionContext): Buffer {
  const names = Object.keys(context).sort()
  return Buffer.from(JSON.stringify([keyId, names.map((name) => [name, context[name]])]))
}
