import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose'
import { z } from 'zod'
import { algorithms, type Issuer } from './issuers.ts'
import { type Effect, receivedTypeOf } from './received-types.ts'
import { type Problem, RefusedToken } from './refused-token.ts'

/** What a partner reports, of a token that it has signed and that is for us. */
export interface ReceivedEvent {
  readonly issuer: Issuer
  readonly jti: string
  /** The last part of the event type's URI. */
  readonly event: string
  readonly effect: Effect
  /** By which the partner knows the account. */
  readonly subject: string
  /** Milliseconds since the epoch. */
  readonly occurredAt: number
}

export interface Reading {
  readonly issuers: ReadonlyMap<string, Issuer>
  /** This endpoint's URL. */
  readonly audience: string
  /** Ours, by which subjects are named. */
  readonly issuer: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Reads a Security Event Token (RFC 8417). Until its signature is checked nothing of it is used but to find the key, and
 * nothing that it names to fetch a key by is looked at.
 *
 * @throws RefusedToken
 */
export async function readToken(token: string, reading: Reading): Promise<ReceivedEvent> {
  const { header, claims } = decode(token)
  const issuer = reading.issuers.get(String(claims.iss))
  const refuse = (problem: Problem) => new RefusedToken(problem, issuer?.profile)
  if (!isSetType(header.typ)) throw refuse('wrong-typ')
  if (!algorithms.includes(String(header.alg))) throw refuse('wrong-algorithm')
  if (!issuer) throw refuse('unknown-issuer')
  if (!(await issuer.hasSigned(token, header.kid))) throw refuse('wrong-signature')

  if (![claims.aud].flat().includes(reading.audience)) throw refuse('wrong-audience')
  // Either could let one kind of token pass for another (RFC 8417, section 4.1).
  if ('sub' in claims) throw refuse('sub-present')
  if ('exp' in claims) throw refuse('exp-present')
  const jti = jtiSchema.safeParse(claims.jti)
  if (!jti.success) throw refuse('wrong-jti')
  if (!isRecent(claims.iat, reading.now)) throw refuse('wrong-iat')
  const [uri, details] = oneEvent(claims.events) ?? []
  if (uri === undefined || !details) throw refuse('not-one-event')
  const type = receivedTypeOf(uri)
  if (!type) throw refuse('unknown-event')
  const subject = subjectIn({ claims, details }, issuer, reading.issuer)
  if (subject === undefined) throw refuse('wrong-subject')
  const at = happenedAt(claims, details)
  if (!isPast(at, reading.now)) throw refuse('wrong-time')
  const { name: event, effect } = type
  return { issuer, jti: jti.data, event, effect, subject, occurredAt: at * 1_000 }
}

type Claims = JWTPayload & Readonly<Record<string, unknown>>
type Details = Readonly<Record<string, unknown>>

const headerSchema = z.looseObject({ kid: z.string().optional() })

function decode(token: string): { header: z.output<typeof headerSchema>; claims: Claims } {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) throw new RefusedToken('malformed')
  try {
    return { header: headerSchema.parse(decodeProtectedHeader(token)), claims: decodeJwt(token) }
  } catch {
    throw new RefusedToken('malformed')
  }
}

/** RFC 7515, section 4.1.9: capitals make no difference, and `application/` may be left out. */
function isSetType(typ: unknown): boolean {
  return typeof typ === 'string' && /^(?:application\/)?secevent\+jwt$/i.test(typ)
}

/** Without the one character that Postgres takes in no text. */
const text = z.string().regex(/^[^\0]+$/)
const jtiSchema = text.max(255)

const maxAgeSeconds = 7 * 24 * 60 * 60
/** How far a partner's clock may be ahead. */
const aheadSeconds = 300

/** What is older than this is not taken, so that it is known for long enough which were. */
function isRecent(iat: unknown, now: number): boolean {
  return isPast(iat, now) && iat * 1_000 >= now - maxAgeSeconds * 1_000
}

/** Of a NumericDate. */
function isPast(seconds: unknown, now: number): seconds is number {
  return (
    typeof seconds === 'number' && seconds >= 0 && seconds * 1_000 <= now + aheadSeconds * 1_000
  )
}

const eventsSchema = z.record(z.string(), z.record(z.string(), z.unknown()))

function oneEvent(events: unknown): [string, Details] | undefined {
  const { data = {} } = eventsSchema.safeParse(events)
  const [first, ...more] = Object.entries(data)
  return more.length === 0 ? first : undefined
}

const legacySubject = z.object({
  subject_type: z.literal('iss-sub'),
  iss: z.string(),
  sub: text,
})
const subjectIdentifier = z.strictObject({
  format: z.literal('iss_sub'),
  iss: z.string(),
  sub: text,
})

/** Each profile has one place for it. A token that has the other's as well would say two things. */
function subjectIn(
  { claims, details }: { readonly claims: Claims; readonly details: Details },
  { profile }: Issuer,
  ours: string,
): string | undefined {
  const isLegacy = profile === 'login-gov'
  if (isLegacy ? 'sub_id' in claims : 'subject' in details) return undefined
  const { data } = isLegacy
    ? legacySubject.safeParse(details.subject)
    : subjectIdentifier.safeParse(claims.sub_id)
  return data?.iss === ours ? data.sub : undefined
}

/** As Login.gov, CAEP and RFC 8417 name it; otherwise when the token was issued. */
function happenedAt({ toe, iat }: Claims, { occurred_at, event_timestamp }: Details): unknown {
  return occurred_at ?? event_timestamp ?? toe ?? iat
}
