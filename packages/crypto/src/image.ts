import { createCipheriv, createSecretKey } from 'node:crypto'
import { Transform } from 'node:stream'
import { decrypt, ivLength, tagLength } from './aes-gcm.ts'
import { CryptoError } from './crypto-error.ts'

/** How an image was sealed, beside its key. */
export interface ImageSealing {
  /** 12 bytes, never twice under one key. */
  readonly iv: Uint8Array
  /** What `imageContext` gives. */
  readonly context: Uint8Array
}

/**
 * Opens an image that a browser, or `createImageSeal`, has sealed.
 *
 * @param key 32 bytes.
 * @param sealed Ciphertext and then the 16-byte tag.
 * @throws {CryptoError} `SEAL_UNOPENABLE`, whatever is wrong with the key, the sealing or the bytes.
 */
export function openImage(
  key: Uint8Array,
  { iv, context }: ImageSealing,
  sealed: Uint8Array,
): Uint8Array {
  if (key.length !== keyLength || sealed.length < tagLength) {
    throw new CryptoError('SEAL_UNOPENABLE')
  }
  const tagAt = sealed.length - tagLength
  const encrypted = { iv, ciphertext: sealed.subarray(0, tagAt), tag: sealed.subarray(tagAt) }
  const image = decrypt(createSecretKey(key), encrypted, context)
  if (!image) throw new CryptoError('SEAL_UNOPENABLE')
  return image
}

/**
 * Seals an image as it passes through: 16 bytes longer than what came in, the tag last. The caller makes key and IV,
 * because both must be told to whoever opens the image.
 *
 * @param key 32 fresh random bytes for each submission.
 * @throws {CryptoError} `KEYRING_INVALID`: the key or the IV is of another size.
 */
export function createImageSeal(key: Uint8Array, { iv, context }: ImageSealing): Transform {
  if (key.length !== keyLength || iv.length !== ivLength) throw new CryptoError('KEYRING_INVALID')
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength })
  cipher.setAAD(context)
  return new Transform({
    transform(chunk, _encoding, done) {
      done(null, cipher.update(chunk))
    },
    flush(done) {
      done(null, Buffer.concat([cipher.final(), cipher.getAuthTag()]))
    },
  })
}

const keyLength = 32
