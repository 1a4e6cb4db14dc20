import { randomBytes } from 'node:crypto'
import { hashSecret } from '@anteroom/idp-web/partners'
import { inTransaction } from '@anteroom/job-channel'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPerson } from '../support/openid-person.ts'
import { type OpenidWeb, startOpenidWeb } from '../support/openid-web.ts'

const partners = [
  {
    id: 'told',
    name: 'Told',
    redirect_uris: ['https://told.example/callback'],
    client_auth: 'client_secret_basic',
    secret_hashes: [hashSecret('x')],
    security_events: { url: 'https://told.example/events' },
  },
]

let op: OpenidWeb
beforeAll(async () => {
  op = await startOpenidWeb({}, { partners })
})
afterAll(() => op.stop())

test('what partners are told is shown, the newest first, without whom it is about', async () => {
  const { deps, app } = op.web
  const { accountId } = await createPerson(op.web)
  await deps.openid?.grants.save({
    id: randomBytes(16).toString('base64url'),
    accountId,
    partner: 'told',
    scopes: ['openid'],
    claims: [],
    expiresAt: Date.now() + 60_000,
  })
  for (const type of ['password-reset', 'account-enabled'] as const) {
    const announcement = await deps.securityEvents.announce(accountId, [{ type }])
    await inTransaction(deps.db, (tx) => announcement.write(tx))
  }
  const { rows } = await op.web.database
    .pool('admin')
    .query<{ jti: string; subject: string }>('select jti, subject from web.security_events')

  const page = await app.inject('/test/security-events')

  expect(page.statusCode).toBe(200)
  expect(page.payload).toMatch(/account-enabled[\s\S]*told[\s\S]*queued[\s\S]*password-reset/)
  for (const { jti, subject } of rows) {
    expect(page.payload).toContain(jti)
    expect(page.payload).not.toContain(subject)
  }
  expect(page.payload).not.toContain(accountId)
})

test('in production there is no such page', async () => {
  const production = await startOpenidWeb(
    {
      ANTEROOM_ENVIRONMENT: 'production',
      ANTEROOM_ALLOW_LOCAL_KEYS_IN_PRODUCTION: 'yes-both-services-hold-every-key',
    },
    { partners, database: op.web.database },
  )

  const page = await production.web.app.inject('/test/security-events')
  await production.stop()

  expect(page.statusCode).toBe(404)
})
