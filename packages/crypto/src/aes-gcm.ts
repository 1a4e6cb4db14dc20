import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'

export interface Encrypted {
  readonly iv: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

export const ivLength = 12
export const tagLength = 16

/** AES-256-GCM under a fresh random IV: callers cannot choose one, so they cannot repeat one. */
export function encrypt(key: KeyObject, plaintext: Uint8Array, aad: Uint8Array): Encrypted {
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagLength })
  cipher.setAAD(aad)
  const ciphertext = cipher.update(plaintext)
  cipher.final()
  return { iv, ciphertext, tag: cipher.getAuthTag() }
}

/** The plaintext, or `undefined` if anything is not as it was encrypted. Takes 12-byte IVs and 16-byte tags alone. */
export function decrypt(
  key: KeyObject,
  { iv, ciphertext, tag }: Encrypted,
  aad: Uint8Array,
): Uint8Array | undefined {
  if (iv.length !== ivLength || tag.length !== tagLength) return undefined
  // Without authTagLength Node also takes tags of 4 bytes.
  const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagLength })
  decipher.setAAD(aad)
  decipher.setAuthTag(tag)
  const plaintext = decipher.update(ciphertext)
  try {
    decipher.final()
  } catch {
    plaintext.fill(0)
    return undefined
  }
  return plaintext
}

const algorithm = 'aes-256-gcm'
