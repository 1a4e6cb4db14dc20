import type { Encrypted } from './aes-gcm.ts'
import { fromBase64url, toBase64url } from './base64url.ts'

/** Who can open the message: the application's key, the provider's key, and the data key it wrapped. */
export interface MessageKeys {
  readonly keyringKeyId: string
  readonly providerKeyId: string
  readonly wrappedDataKey: Uint8Array
}

export interface ParsedMessage {
  readonly keys: MessageKeys
  readonly encrypted: Encrypted
  /** The header as written: the additional data of the encryption (RFC 7516 §5.1, step 14). */
  readonly aad: Uint8Array
}

/** The protected header, first part of the message. */
export function encodeHeader(keys: MessageKeys): string {
  return toBase64url(Buffer.from(headerText(keys)))
}

/**
 * How every message begins that these keys seal, and none of other keys: its header up to the wrapped data key, as far
 * as that fills whole groups of base64url.
 */
export function messageStart(keys: Omit<MessageKeys, 'wrappedDataKey'>): string {
  const header = headerText({ ...keys, wrappedDataKey: new Uint8Array() })
  const fixed = Buffer.from(header.slice(0, -'"}'.length))
  return toBase64url(fixed.subarray(0, fixed.length - (fixed.length % 3)))
}

/** A compact JWE (RFC 7516 §7.1). Its second part is empty: with `dir` no key travels there. */
export function encodeMessage(header: string, { iv, ciphertext, tag }: Encrypted): string {
  return `${header}..${toBase64url(iv)}.${toBase64url(ciphertext)}.${toBase64url(tag)}`
}

/** `undefined` unless the message is spelled exactly as `encodeHeader` and `encodeMessage` spell it. */
export function parseMessage(message: string): ParsedMessage | undefined {
  const [header = '', encryptedKey, ...rest] = message.split('.', partCount + 1)
  const [iv, ciphertext, tag] = rest.map(fromBase64url)
  if (encryptedKey !== '' || rest.length !== 3 || !iv || !ciphertext || !tag) return undefined
  const keys = header.length <= maxHeaderLength ? parseHeader(header) : undefined
  return keys && { keys, encrypted: { iv, ciphertext, tag }, aad: Buffer.from(header, 'ascii') }
}

const partCount = 5

// Room for a key ARN and the longest data key that KMS wraps.
const maxHeaderLength = 2048

// Member names: RFC 7515 §4.1 and RFC 7516 §4.1; v, kek and edk are ours.
function headerText({ keyringKeyId, providerKeyId, wrappedDataKey }: MessageKeys): string {
  return JSON.stringify({
    typ: 'anteroom+jwe',
    v: 1,
    alg: 'dir',
    enc: 'A256GCM',
    kid: keyringKeyId,
    kek: providerKeyId,
    edk: toBase64url(wrappedDataKey),
  })
}

function parseHeader(part: string): MessageKeys | undefined {
  const keys = readKeys(Buffer.from(part, 'base64url').toString())
  // One spelling only: other members, types, versions, doubled members and white space all differ here.
  return keys && encodeHeader(keys) === part ? keys : undefined
}

function readKeys(text: string): MessageKeys | undefined {
  const header = parseJson(text)
  if (typeof header !== 'object' || header === null) return undefined
  if (!('kid' in header && 'kek' in header && 'edk' in header)) return undefined
  const { kid, kek, edk } = header
  if (typeof kid !== 'string' || typeof kek !== 'string' || typeof edk !== 'string')
    return undefined
  const wrappedDataKey = fromBase64url(edk)
  // KMS calls an empty data key a fault of the caller; it is one of the message.
  if (!wrappedDataKey?.length) return undefined
  return { keyringKeyId: kid, providerKeyId: kek, wrappedDataKey }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
