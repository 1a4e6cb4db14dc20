import { randomBytes } from 'node:crypto'
import { hashSecret } from '@anteroom/idp-web/partners'
import { inTransaction } from '@anteroom/job-channel'
import { jobs, readWire, unpackJob } from '@anteroom/job-contracts'
import { securityEventTypes, type WireProfile, wireProfiles } from '@anteroom/security-events'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFixed } from '../support/fixed-keys.ts'
import { createPerson } from '../support/openid-person.ts'
import { ask, type OpenidWeb, redeem, startOpenidWeb } from '../support/openid-web.ts'
import {
  type GivenToken,
  noPythonStacks,
  openPythonStack,
  type PythonStack,
  pythonStacks,
} from '../support/python-stack.ts'

const secret = randomBytes(32).toString('base64url')
const urlOf = (profile: WireProfile) => `https://${profile}.example/events`
const receiverOf = (profile: WireProfile) => ({
  id: idOf(profile),
  name: profile,
  redirect_uris: [`https://${profile}.example/callback`],
  scopes: ['openid', 'email'],
  par: 'optional',
  client_auth: 'client_secret_basic',
  secret_hashes: [hashSecret(secret)],
  security_events: { url: urlOf(profile), profile, email_events: true },
})
const idOf = (profile: WireProfile) => `of-${profile.replace('.', '-')}`
const audienceOf = (profile: WireProfile) =>
  profile === 'login-gov' ? urlOf(profile) : idOf(profile)

let op: OpenidWeb
let subjects: Readonly<Record<WireProfile, string>>
let told: Readonly<Record<WireProfile, readonly string[]>>

/** Signs in at a partner of this profile, which is told the e-mail address, and learns its subject. */
async function connect(person: Awaited<ReturnType<typeof createPerson>>, profile: WireProfile) {
  const client = await openid.discovery(
    new URL(op.issuer),
    idOf(profile),
    { id_token_signed_response_alg: 'ES256' },
    openid.ClientSecretBasic(secret),
    { execute: [openid.allowInsecureRequests] },
  )
  const asking = await ask(client, { redirect_uri: `https://${profile}.example/callback` })
  const tokens = await redeem(asking, await person.reach(asking.path))
  const subject = tokens.claims()?.sub ?? ''
  await openid.fetchUserInfo(client, tokens.access_token, subject)
  return subject
}

/** The tokens that wait for the worker, opened as it does, in their order. */
async function queued(profile: WireProfile): Promise<string[]> {
  const { rows } = await op.web.database.pool('admin').query<{ payload: unknown }>(
    `select payload from graphile_worker._private_jobs as job
       join graphile_worker._private_tasks as task on task.id = task_id
       where task.identifier = 'risc-delivery' order by job.id`,
  )
  const opened = await Promise.all(
    rows.map(({ payload }) =>
      unpackJob(jobs.riscDelivery, readWire(payload), (slot, message) =>
        openFixed('payload', slot, message),
      ),
    ),
  )
  return opened.filter(({ partner }) => partner === idOf(profile)).map(({ set }) => set)
}

beforeAll(async () => {
  op = await startOpenidWeb({}, { partners: wireProfiles.map(receiverOf) })
  const person = await createPerson(op.web)
  await person.signIn()
  subjects = {
    'login-gov': await connect(person, 'login-gov'),
    'ssf-1.0': await connect(person, 'ssf-1.0'),
  }
  const { db, securityEvents } = op.web.deps
  for (const type of securityEventTypes) {
    const happening = { type, email: 'maria@example.com' }
    const announcement = await securityEvents.announce(person.accountId, [happening])
    await inTransaction(db, (tx) => announcement.write(tx))
  }
  told = { 'login-gov': await queued('login-gov'), 'ssf-1.0': await queued('ssf-1.0') }
})
afterAll(() => op.stop())

const namesIn = (claims: Readonly<Record<string, unknown>>) => Object.keys(Object(claims.events))
const lastPart = (uri: string) => uri.slice(uri.lastIndexOf('/') + 1)

// What it can be written as in the Shared Signals Framework 1.0: CAEP has events of its own for some.
const names: Readonly<Record<WireProfile, readonly string[]>> = {
  'login-gov': securityEventTypes,
  'ssf-1.0': [
    'account-disabled',
    'session-revoked',
    'account-enabled',
    'account-purged',
    'identifier-changed',
    'identifier-recycled',
    'recovery-activated',
    'recovery-information-changed',
    'mfa-limit-account-locked',
    'credential-change',
    'assurance-level-change',
  ],
}

describe.skipIf(noPythonStacks !== undefined).each(Object.keys(pythonStacks) as PythonStack[])(
  `python’s %s${noPythonStacks === undefined ? '' : ` (skipped: ${noPythonStacks})`}`,
  (stack) => {
    async function verdictsOn(tokens: readonly GivenToken[]) {
      const verify = await openPythonStack(stack)
      const jwks = (await op.web.app.inject('/openid/jwks')).json()
      return verify({ jwks, issuer: op.issuer, tokens })
    }

    test.each(wireProfiles)(
      'verifies each event of the profile %s',
      async (profile) => {
        const audience = audienceOf(profile)

        const verdicts = await verdictsOn(told[profile].map((token) => ({ token, audience })))
        const claims = verdicts.map((verdict) => ('claims' in verdict ? verdict.claims : {}))

        expect(verdicts.filter((verdict) => 'refused' in verdict)).toEqual([])
        expect(claims.flatMap(namesIn).map(lastPart)).toEqual(names[profile])
        expect(JSON.stringify(claims)).toContain(subjects[profile])
        expect(claims.every((one) => 'exp' in one === (profile === 'login-gov'))).toBe(true)
      },
      120_000,
    )

    test('refuses one for somebody else, and one that was changed', async () => {
      const audience = audienceOf('login-gov')
      const token = told['login-gov'][0] ?? ''
      const [header, payload = '', signature] = token.split('.')
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
      const changed = Buffer.from(JSON.stringify({ ...claims, jti: 'x' })).toString('base64url')

      const verdicts = await verdictsOn([
        { token, audience },
        { token, audience: 'https://evil.example' },
        { token: `${header}.${changed}.${signature}`, audience },
      ])

      expect(verdicts.map((verdict) => 'claims' in verdict)).toEqual([true, false, false])
    }, 120_000)
  },
)
