import { randomBytes, randomUUID, type webcrypto } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import type { Partner } from '../../apps/idp-web/src/openid/partners.ts'
import { subjectFor } from '../../apps/idp-web/src/openid/subjects.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { kidOf } from './openid-partners.ts'
import { createPerson, type OpenidPerson } from './openid-person.ts'
import { type OpenidWeb, startOpenidWeb } from './openid-web.ts'
import type { TestWebOptions } from './web.ts'

/** A partner that reports events, of either profile. */
export interface Reporter {
  readonly id: string
  readonly key: webcrypto.CryptoKey
  /** Of its own JWKS. */
  readonly publicKey: JWK
  readonly kid: string
  readonly alg: 'RS256' | 'ES256'
}

/** The web, partners that report events to it, and the mail that follows. */
export interface ReportingSite {
  readonly op: OpenidWeb
  readonly mailbox: Mailbox
  readonly audience: string
  /** Writes tokens as Login.gov's partners do. */
  readonly legacy: Reporter
  /** Of the same sector as that. */
  readonly branch: Reporter
  /** Writes them as the Shared Signals Framework wants them, and proves itself by a secret elsewhere. */
  readonly shared: Reporter
  /** Somebody who is connected to these partners. */
  connected(...partners: readonly Reporter[]): Promise<OpenidPerson>
  subjectAt(reporter: Reporter, person: OpenidPerson): string
  /** The claims of a good token. */
  claims(reporter: Reporter, person: OpenidPerson, event?: string): JWTPayload
  send(token: string, headers?: Record<string, string>): ReturnType<typeof inject>
  stop(): Promise<void>
}

export const authorizationFraud =
  'https://schemas.login.gov/secevent/risc/event-type/authorization-fraud-detected'
export const identityFraud =
  'https://schemas.login.gov/secevent/risc/event-type/identity-fraud-detected'

export interface ReportingOptions extends TestWebOptions {
  /** Whether e-mails go to the mailbox, or into the queue as ever. */
  readonly mail?: 'caught' | 'queued'
  /** The partners of this one, which has stopped. */
  readonly like?: ReportingSite
}

export async function startReportingSite(
  settings: Record<string, string> = {},
  options: ReportingOptions = {},
): Promise<ReportingSite> {
  const mailbox = createMailbox()
  const { mail = 'caught', like, ...rest } = options
  const { legacy, branch, shared } = like ?? (await newReporters())
  const op = await startOpenidWeb(settings, {
    ...rest,
    ...(mail === 'caught' && { sendMail: mailbox.send }),
    partners: [
      { ...common(legacy, 'agency.example'), ...byKey(legacy) },
      { ...common(branch, 'agency.example'), ...byKey(branch) },
      {
        ...common(shared, 'bank.example'),
        client_auth: 'client_secret_basic',
        secret_hashes: ['A'.repeat(43)],
        security_events_keys: { keys: [shared.publicKey] },
        security_events: { url: 'https://bank.example/events', profile: 'ssf-1.0' },
      },
    ],
  })
  const { web } = op
  const issuer = new URL(web.deps.config.publicUrl).origin
  const audience = `${issuer}/api/risc/security_events`
  const site: ReportingSite = {
    op,
    mailbox,
    audience,
    legacy,
    branch,
    shared,
    async connected(...partners) {
      const person = await createPerson(web)
      for (const { id } of partners) {
        await web.deps.openid?.grants.save({
          id: randomBytes(16).toString('base64url'),
          accountId: person.accountId,
          partner: id,
          scopes: ['openid'],
          claims: [],
          expiresAt: Date.now() + 60_000,
        })
      }
      return person
    },
    subjectAt: ({ id }, { accountId }) => subjectFor(keyOf(op), partnerOf(op, id), accountId),
    claims(reporter, person, event = authorizationFraud) {
      const sub = site.subjectAt(reporter, person)
      const head = {
        iss: reporter.id,
        aud: audience,
        iat: Math.floor(Date.now() / 1000),
        jti: randomUUID(),
      }
      if (reporter === shared) {
        return { ...head, sub_id: { format: 'iss_sub', iss: issuer, sub }, events: { [event]: {} } }
      }
      const subject = { subject_type: 'iss-sub', iss: issuer, sub }
      return { ...head, events: { [event]: { subject } } }
    },
    send: (token, headers) => inject(op, token, headers),
    async stop() {
      await op.stop()
    },
  }
  return site
}

function inject({ web }: OpenidWeb, payload: string, headers: Record<string, string> = {}) {
  return web.app.inject({
    method: 'POST',
    url: '/api/risc/security_events',
    payload,
    headers: { 'content-type': 'application/secevent+jwt', ...headers },
  })
}

/** Signed as the reporter does it, but for what the header is to say instead. */
export function signAs(
  { key, kid, alg }: Reporter,
  claims: JWTPayload,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ typ: 'secevent+jwt', alg, kid, ...header })
    .sign(key)
}

async function newReporters() {
  const [legacy, branch, shared] = await Promise.all([
    newReporter('agency', 'ES256'),
    newReporter('agency-branch', 'RS256'),
    newReporter('bank', 'RS256'),
  ])
  return { legacy, branch, shared }
}

async function newReporter(id: string, alg: Reporter['alg']): Promise<Reporter> {
  const { privateKey: key, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return { id, key, publicKey: jwk, kid: await kidOf(jwk), alg }
}

const common = ({ id }: Reporter, host: string) => ({
  id,
  name: id,
  redirect_uris: [`https://${host}/callback`],
})

const byKey = ({ publicKey }: Reporter) => ({
  client_auth: 'private_key_jwt',
  jwks: { keys: [publicKey] },
})

function keyOf({ web }: OpenidWeb): Uint8Array {
  const key = web.deps.openid?.settings.subjectKey
  if (!key) throw new Error('There are no partners')
  return key
}

function partnerOf({ web }: OpenidWeb, id: string): Partner {
  const partner = web.deps.openid?.partners.get(id)
  if (!partner) throw new Error('There is no such partner')
  return partner
}
