import { toVendorError } from '../to-vendor-error.ts'
import { VendorError, type VendorErrorCode } from '../vendor-error.ts'

/** Of what nodemailer throws, the parts that are nobody's words. */
interface MailServerError extends Error {
  readonly code?: unknown
  /** Of the server's reply, by RFC 5321 §4.2: 4yz passes, 5yz does not. */
  readonly responseCode?: unknown
  /** Which command it was a reply to. */
  readonly command?: unknown
}

/**
 * Translates what sending threw. Refused is only what the server says, for good, of this recipient or this letter; that it does
 * not know us or our sender's address is for operators to mend, and what is only put off is tried again.
 */
export function toMailError(thrown: unknown): VendorError {
  const { code, responseCode, command }: Partial<MailServerError> =
    thrown instanceof Error ? thrown : {}
  if (typeof responseCode === 'number') {
    const cause = new Error(`SMTP_${responseCode}`)
    return new VendorError(codeOfReply(responseCode, command), { cause })
  }
  // Whether the proxy refused, or could not be reached, is said in words alone.
  if (code === 'EPROXY') return new VendorError('PROXY_UNAVAILABLE', { cause: new Error('EPROXY') })
  return toVendorError(thrown)
}

function codeOfReply(responseCode: number, command: unknown): VendorErrorCode {
  if (responseCode >= 400 && responseCode < 500) return 'VENDOR_BUSY'
  const isForGood = responseCode >= 500 && responseCode !== 503
  return isForGood && (command === 'RCPT TO' || command === 'DATA')
    ? 'VENDOR_REFUSED'
    : 'VENDOR_UNAVAILABLE'
}
