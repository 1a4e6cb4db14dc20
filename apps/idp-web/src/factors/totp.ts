import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/*
 * One-time codes by time (RFC 6238) with what every authenticator app knows: HMAC-SHA-1, 6 digits, steps of 30 seconds.
 */

const stepMs = 30_000
const digits = 6

/** 160 random bits, as RFC 4226 §4 wishes; base64url. */
export function newTotpSecret(): string {
  return randomBytes(20).toString('base64url')
}

/** The step whose code this is: the one that runs at `now` (milliseconds since the epoch), or the one before or after it. */
export function stepOfCode(secret: string, code: string, now: number): number | undefined {
  const current = Math.floor(now / stepMs)
  // All three are compared, so that the time it takes says nothing.
  const steps = [current - 1, current, current + 1].filter((step) =>
    isSame(totpCode(secret, step), code),
  )
  return steps.at(-1)
}

/** RFC 4226 §5.3. @param secret Base64url. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', Buffer.from(secret, 'base64url')).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** As it is typed into an app: base32 in groups of four. */
export function typedSecret(secret: string): string {
  return (base32(secret).match(/.{1,4}/g) ?? []).join(' ')
}

/** What an app reads from the QR code. */
export function totpAddress(secret: string, { issuer, address }: TotpLabel): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(address)}`
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`
}

export interface TotpLabel {
  readonly issuer: string
  /** Whose account it is, as the app shows it. */
  readonly address: string
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 §6; 20 bytes fill its groups, so there is no padding. */
function base32(secret: string): string {
  const bits = Array.from(Buffer.from(secret, 'base64url'), (byte) =>
    byte.toString(2).padStart(8, '0'),
  ).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('')
}
