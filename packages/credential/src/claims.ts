// The small form of zod: whoever checks a credential loads this in a browser.
import * as z from 'zod/mini'

/** Media types of our two tokens, as their `typ` (RFC 7515 §4.1.9). */
export const credentialType = 'anteroom-credential+jwt'
export const revocationsType = 'anteroom-revocations+jwt'

/** RFC 7518 §3.4; no token chooses its own. */
export const algorithm = 'ES256'

const seconds = z.int().check(z.positive())

/** 96 random bits, base64url: what a revocation names. */
const revocationId = z.base64url().check(z.length(16))

/**
 * What a credential says. Member names are short because all of it must fit in a printed code. `iss`, `iat`, `nbf` and
 * `exp` as in RFC 7519 §4.1, in seconds since the epoch.
 */
export const credentialClaims = z.strictObject({
  /** Origin of the issuer, such as `https://id.example.gov`. */
  iss: z.url(),
  iat: seconds,
  nbf: seconds,
  exp: seconds,
  rid: revocationId,
  /** Number of the credential, as it is printed. */
  no: z.string().check(z.regex(/^[A-Z0-9-]{4,24}$/)),
  /** First name, last name, date of birth as `YYYY-MM-DD`. */
  fn: z.string().check(z.minLength(1), z.maxLength(60)),
  ln: z.string().check(z.minLength(1), z.maxLength(60)),
  dob: z.iso.date(),
})
export type CredentialClaims = z.output<typeof credentialClaims>

/** Every credential that was revoked and has not expired, signed by the issuer. */
export const revocationClaims = z.strictObject({
  iss: z.url(),
  /** When the list was made. */
  iat: seconds,
  rids: z.array(revocationId),
})
export type RevocationClaims = z.output<typeof revocationClaims>
