import {
  type CredentialClaims,
  credentialClaims,
  credentialType,
  type RevocationClaims,
  revocationClaims,
  revocationsType,
} from './claims.ts'
import { openToken, type TokenKind } from './open-token.ts'

/** How far the clock of a device may be off. */
const skewSeconds = 60

/** Whoever has not heard for this long what was revoked does not know it. */
const revocationsGoodForSeconds = 7 * 24 * 60 * 60

const credentialToken: TokenKind = { type: credentialType, longest: 4_096 }
/** About 150,000 credentials that are revoked and have not expired. */
const revocationsToken: TokenKind = { type: revocationsType, longest: 4_000_000 }

/** Whose credentials count, and what is known of them. */
export interface Trust {
  /** The one origin that is trusted, such as `https://id.example.gov`. */
  readonly issuer: string
  /** Its public keys as it publishes them: a set by RFC 7517 §5. */
  readonly keys: unknown
}

export interface CredentialQuestion extends Trust {
  /** The credential, a compact JWS. */
  readonly token: string
  /** The signed list of what was revoked, a compact JWS, if it is at hand. */
  readonly revocations: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Whether a list of ours was looked at that is recent enough to say something. */
export type RevocationCheck =
  | {
      readonly state: 'checked'
      /** When the list was made, milliseconds since the epoch. */
      readonly madeAt: number
    }
  | { readonly state: 'not-checked' }

export type CheckedCredential =
  | {
      readonly verdict: 'valid' | 'not-yet-valid' | 'expired' | 'revoked'
      /** What the issuer signed. */
      readonly claims: CredentialClaims
      readonly revocation: RevocationCheck
    }
  /** Nothing of it is the issuer's word, so nothing of it is to be shown. */
  | { readonly verdict: 'altered' | 'unknown-issuer' | 'unreadable' }

/**
 * Says of a credential what can be said with the issuer's keys alone, and asks nobody.
 *
 * @throws {Error} Signatures cannot be checked here, so nothing can be said.
 */
export async function checkCredential(question: CredentialQuestion): Promise<CheckedCredential> {
  const { issuer, now } = question
  const opened = await openToken(question.token.trim(), credentialToken, question.keys)
  if (opened.state === 'unknown-key') return { verdict: 'unknown-issuer' }
  if (opened.state !== 'opened') return { verdict: opened.state }
  const { data: claims } = credentialClaims.safeParse(opened.payload)
  // Signed, but by a rule we do not know: a newer issuer may say more than we can read.
  if (!claims) return { verdict: 'unreadable' }
  if (claims.iss !== issuer) return { verdict: 'unknown-issuer' }

  const list = await openRevocations(question.revocations ?? '', question)
  // Revoked once is revoked: for this no list is too old.
  if (list?.rids.includes(claims.rid)) {
    return { verdict: 'revoked', claims, revocation: checkedBy(list) }
  }
  return { verdict: verdictByTime(claims, now), claims, revocation: revocationCheck(list, now) }
}

/**
 * What a list of revoked credentials says, if the issuer signed it.
 *
 * @throws {Error} As {@link checkCredential}.
 */
export async function openRevocations(
  list: string,
  { issuer, keys }: Trust,
): Promise<RevocationClaims | undefined> {
  const opened = await openToken(list.trim(), revocationsToken, keys)
  if (opened.state !== 'opened') return undefined
  const { data } = revocationClaims.safeParse(opened.payload)
  return data?.iss === issuer ? data : undefined
}

function revocationCheck(list: RevocationClaims | undefined, now: number): RevocationCheck {
  if (!list) return { state: 'not-checked' }
  const ageSeconds = now / 1_000 - list.iat
  const isUsable = ageSeconds >= -skewSeconds && ageSeconds < revocationsGoodForSeconds
  return isUsable ? checkedBy(list) : { state: 'not-checked' }
}

const checkedBy = ({ iat }: RevocationClaims): RevocationCheck => ({
  state: 'checked',
  madeAt: iat * 1_000,
})

function verdictByTime(
  { nbf, exp }: CredentialClaims,
  now: number,
): 'valid' | 'not-yet-valid' | 'expired' {
  const seconds = now / 1_000
  if (seconds >= exp + skewSeconds) return 'expired'
  return seconds < nbf - skewSeconds ? 'not-yet-valid' : 'valid'
}
