import { type ImageSlot, imageContext } from './image-context.ts'

/*
 * For browsers, on Web Crypto alone; nothing here may import from Node. What is sealed here opens with `openImage`.
 */

/** AES-256-GCM key of one submission's images. */
export type ImageKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** An image, and where it belongs. */
export interface Image extends ImageSlot {
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface SealedImage {
  /** 12 random bytes, base64url. */
  readonly iv: string
  /** Ciphertext and then the 16-byte tag. */
  readonly sealed: ArrayBuffer
}

/** A fresh random key. It can be exported, because whoever opens the images is told it. */
export function createImageKey(): Promise<ImageKey> {
  return crypto.subtle.generateKey({ name: algorithm, length: 256 }, true, ['encrypt'])
}

/** Seals an image for its slot, under a fresh random IV. */
export async function sealImage(key: ImageKey, image: Image): Promise<SealedImage> {
  const iv = crypto.getRandomValues(new Uint8Array(ivLength))
  const parameters = { name: algorithm, iv, additionalData: imageContext(image), tagLength: 128 }
  const sealed = await crypto.subtle.encrypt(parameters, key, image.bytes)
  return { iv: toBase64url(iv), sealed }
}

/** The key's 32 bytes, base64url. */
export async function exportImageKey(key: ImageKey): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', key)))
}

const algorithm = 'AES-GCM'
const ivLength = 12

/** Not by `Uint8Array.toBase64`: it is younger than browsers that people have. */
function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
