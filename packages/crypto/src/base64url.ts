export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')
}

/**
 * Decodes only the one spelling that `toBase64url` gives (RFC 4648 §3.5 and §5, no padding, no white space);
 * `undefined` for any other. Node's own decoder skips what it does not know.
 */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
