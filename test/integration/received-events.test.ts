import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  authorizationFraud,
  identityFraud,
  type ReportingSite,
  signAs,
  startReportingSite,
} from '../support/event-reporter.ts'
import { createPerson, type OpenidPerson } from '../support/openid-person.ts'
import { ask, redeem } from '../support/openid-web.ts'
import { createSoftPasskey, type SoftPasskey } from '../support/passkey.ts'
import { createVisitor } from '../support/web.ts'

let site: ReportingSite
beforeAll(async () => {
  site = await startReportingSite()
})
afterAll(() => site.stop())

const compromise = 'https://schemas.openid.net/secevent/risc/event-type/credential-compromise'
const revoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'

async function accountOf({ accountId }: OpenidPerson, { op } = site) {
  const { rows } = await op.web.database
    .pool('admin')
    .query('select * from web.accounts where id = $1', [accountId])
  return rows[0]
}

async function eventsOf({ accountId }: OpenidPerson): Promise<string[]> {
  const { rows } = await site.op.web.database
    .pool('admin')
    .query('select event from web.account_events where account_id = $1 order by id', [accountId])
  return rows.map(({ event }) => event)
}

async function receivedOf({ accountId }: OpenidPerson, { op } = site) {
  const { rows } = await op.web.database
    .pool('admin')
    .query('select * from web.received_events where account_id = $1', [accountId])
  return rows
}

const setPassword = ({ accountId }: OpenidPerson) =>
  site.op.web.deps.accounts.setPassword(accountId, 'a-hash')
const isSignedIn = async ({ visitor }: OpenidPerson) =>
  (await visitor.get('/account/services')).statusCode === 200

/** Browsers make passkeys for names alone, not for numbers. */
const passkeySite = { origin: 'http://localhost:3000', rpId: 'localhost' }

async function addPasskey({ visitor }: OpenidPerson): Promise<SoftPasskey> {
  const passkey = createSoftPasskey(passkeySite)
  await visitor.get('/account/factors/passkey')
  const question = (await visitor.post('/account/factors/passkey/options')).json()
  await visitor.post('/account/factors/passkey', { answer: passkey.register(question) })
  return passkey
}

/** Where somebody is sent who signs in by it, and what the account page then answers. */
async function signInBy(passkey: SoftPasskey, { op }: ReportingSite) {
  const visitor = createVisitor(op.web.app)
  await visitor.get('/sign-in/passkey')
  const question = (await visitor.post('/sign-in/passkey/options')).json()
  const answer = await visitor.post('/sign-in/passkey', { answer: passkey.answer(question) })
  return { to: answer.headers.location, account: (await visitor.get('/account')).statusCode }
}

describe('somebody else has got in, says a partner', () => {
  test.each(['legacy', 'shared'] as const)(
    'in the profile %s, and is answered by 202 and nothing else',
    async (profile) => {
      const reporter = site[profile]
      const person = await site.connected(reporter)

      const response = await site.send(await signAs(reporter, site.claims(reporter, person)))

      expect(response.statusCode).toBe(202)
      expect(response.payload).toBe('')
      expect(await receivedOf(person)).toMatchObject([
        {
          issuer: reporter.id,
          event: 'authorization-fraud-detected',
          settled_at: expect.any(Date),
        },
      ])
    },
  )

  test('of whom it knows by the sub of its ID token', async () => {
    const { op } = site
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const sub = (await redeem(asking, await person.reach(asking.path))).claims()?.sub
    const library = { id: 'library', key: op.partners.key, alg: 'ES256' } as const
    const claims = { ...site.claims(site.legacy, person), iss: library.id }
    const subject = { subject_type: 'iss-sub', iss: op.issuer, sub }

    const token = await signAs(
      { ...site.legacy, ...library },
      { ...claims, events: { [authorizationFraud]: { subject } } },
      { kid: undefined },
    )

    expect((await site.send(token)).statusCode).toBe(202)
    expect(await isSignedIn(person)).toBe(false)
  })

  test('so the password is gone, everybody is out, links are dead, and the owner is told', async () => {
    const person = await site.connected(site.legacy)
    await setPassword(person)
    await person.signIn()
    const { emailLinks } = site.op.web.deps
    const { accountId } = person
    const path = await emailLinks.make({ purpose: 'recovery', address: 'm@example.com', accountId })
    const before = site.mailbox.mails.length

    await site.send(await signAs(site.legacy, site.claims(site.legacy, person)))

    expect(await accountOf(person)).toMatchObject({
      password: null,
      recover_since: expect.any(Date),
    })
    expect(await isSignedIn(person)).toBe(false)
    expect(await emailLinks.find('recovery', path.split('/').at(-1) ?? '')).toBeUndefined()
    expect(await eventsOf(person)).toEqual(['fraud-reported'])
    expect(site.mailbox.mails.slice(before)).toMatchObject([
      { to: 'maria@example.com', template: 'fraud-reported', link: `${site.op.issuer}/recover` },
    ])
  })

  test('so a passkey opens nothing either, until a new password was chosen', async () => {
    const named = await startReportingSite(
      { ANTEROOM_PUBLIC_URL: passkeySite.origin },
      { database: site.op.web.database },
    )
    const person = await named.connected(named.legacy)
    await person.signIn()
    const passkey = await addPasskey(person)
    await named.send(await signAs(named.legacy, named.claims(named.legacy, person)))

    const refused = await signInBy(passkey, named)
    await setPassword(person)
    const taken = await signInBy(passkey, named)
    await named.stop()

    expect(refused).toEqual({ to: '/recover', account: 303 })
    expect(taken).toEqual({ to: '/account', account: 200 })
  })

  test('and of a second report while they have not recovered it the owner hears nothing more', async () => {
    const person = await site.connected(site.legacy)
    await site.send(await signAs(site.legacy, site.claims(site.legacy, person)))
    const before = site.mailbox.mails.length

    const response = await site.send(
      await signAs(site.legacy, site.claims(site.legacy, person, compromise)),
    )

    expect(response.statusCode).toBe(202)
    expect(site.mailbox.mails.length).toBe(before)
    expect(await receivedOf(person)).toHaveLength(2)
  })

  test('when that happened is kept as the partner says it', async () => {
    const person = await site.connected(site.legacy)
    const claims = site.claims(site.legacy, person)
    const subject = {
      subject_type: 'iss-sub',
      iss: site.op.issuer,
      sub: site.subjectAt(site.legacy, person),
    }
    const events = { [authorizationFraud]: { subject, occurred_at: 1_760_000_000 } }

    await site.send(await signAs(site.legacy, { ...claims, events }))

    expect((await receivedOf(person))[0]?.occurred_at).toEqual(new Date(1_760_000_000_000))
  })
})

describe('a proofing is not the owner’s, says a partner', () => {
  test('so it counts no more, and the same answers never make another', async () => {
    const person = await site.connected(site.shared)
    await person.signIn()
    await person.proof()
    const { accounts, db } = site.op.web.deps
    const proofing = (await accounts.read(person.accountId))?.proofing
    if (!proofing) throw new Error('Nobody was proofed')

    await site.send(await signAs(site.shared, site.claims(site.shared, person, identityFraud)))
    const isTaken = await accounts.setProofing(db, person.accountId, {
      proofing: { ...proofing, at: Date.now() },
      staysProfile: false,
    })
    const same = await accounts.read(person.accountId)
    const checks = [{ check: 'document-proofing', reference: 'another' }]
    await accounts.setProofing(db, person.accountId, {
      proofing: { ...proofing, checks },
      staysProfile: false,
    })

    expect(isTaken).toBe(false)
    expect(same?.proofing).toBeUndefined()
    expect((await accountOf(person)).doubted_proofing).toMatchObject({ checks: proofing.checks })
    expect(await isSignedIn(person)).toBe(false)
    expect((await accounts.read(person.accountId))?.proofing).toMatchObject({ checks })
    expect(await eventsOf(person)).toEqual(['identity-doubted'])
  })

  test('so nothing is kept any more of whoever was proofed', async () => {
    const person = await site.connected(site.shared)
    await person.signIn()
    await person.proof()
    const { accounts } = site.op.web.deps
    await accounts.setProfile(person.accountId, 'sealed')

    await site.send(await signAs(site.shared, site.claims(site.shared, person, identityFraud)))

    expect((await accounts.read(person.accountId))?.profile).toBeUndefined()
  })
})

test('sessions are revoked, says a partner: they end, and the password stays', async () => {
  const person = await site.connected(site.shared)
  await setPassword(person)
  await person.signIn()

  await site.send(await signAs(site.shared, site.claims(site.shared, person, revoked)))

  expect(await isSignedIn(person)).toBe(false)
  expect((await accountOf(person)).password).toBe('a-hash')
})

describe('the same token again', () => {
  test.each([
    ['legacy', 400, { err: 'dup', description: expect.any(String) }],
    ['shared', 202, undefined],
  ] as const)(
    'of the profile %s is answered by %s, and does nothing',
    async (profile, status, body) => {
      const reporter = site[profile]
      const person = await site.connected(reporter)
      const token = await signAs(reporter, site.claims(reporter, person))
      await site.send(token)
      await setPassword(person)

      const again = await site.send(token)

      expect(again.statusCode).toBe(status)
      expect(again.payload === '' ? undefined : again.json()).toEqual(body)
      expect((await accountOf(person)).password).toBe('a-hash')
      expect(await receivedOf(person)).toHaveLength(1)
    },
  )

  test('twenty times at once is taken once', async () => {
    const person = await site.connected(site.shared)
    const token = await signAs(site.shared, site.claims(site.shared, person))
    const before = site.mailbox.mails.length

    const answers = await Promise.all(Array.from({ length: 20 }, () => site.send(token)))

    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(202))
    expect(site.mailbox.mails.length).toBe(before + 1)
    expect(await receivedOf(person)).toHaveLength(1)
  })

  test('under one jti, but of another event, is refused', async () => {
    const person = await site.connected(site.shared)
    const claims = { ...site.claims(site.shared, person), jti: 'one-jti' }
    await site.send(await signAs(site.shared, claims))
    const other = { ...site.claims(site.shared, person, identityFraud), jti: 'one-jti' }

    const response = await site.send(await signAs(site.shared, other))

    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ err: 'invalid_request' })
  })

  test('with the jti of another partner’s is another report', async () => {
    const person = await site.connected(site.legacy, site.shared)
    const jti = 'two-partners-jti'
    await site.send(await signAs(site.legacy, { ...site.claims(site.legacy, person), jti }))

    const response = await site.send(
      await signAs(site.shared, { ...site.claims(site.shared, person), jti }),
    )

    expect(response.statusCode).toBe(202)
  })
})

describe('nobody is found', () => {
  const unknown = { err: 'setData', description: 'The subject is nobody this partner knows.' }

  test('by the subject that another partner knows them by', async () => {
    const person = await site.connected(site.legacy, site.shared)
    const subject = {
      subject_type: 'iss-sub',
      iss: site.op.issuer,
      sub: site.subjectAt(site.shared, person),
    }
    const claims = site.claims(site.legacy, person)

    const response = await site.send(
      await signAs(site.legacy, { ...claims, events: { [authorizationFraud]: { subject } } }),
    )

    expect(response.json()).toEqual(unknown)
    expect(await receivedOf(person)).toEqual([])
  })

  test('by a partner that they have left, or never came to', async () => {
    const person = await site.connected(site.legacy)
    const stranger = await site.connected()
    await site.send(await signAs(site.legacy, site.claims(site.legacy, person, revoked)))
    await site.op.web.deps.openid?.grants.revoke(person.accountId, site.legacy.id)

    const answers = [
      await site.send(await signAs(site.legacy, site.claims(site.legacy, person))),
      await site.send(await signAs(site.legacy, site.claims(site.legacy, stranger))),
    ]

    expect(answers.map((answer) => answer.json())).toEqual([unknown, unknown])
  })

  test('by their account’s id', async () => {
    const person = await site.connected(site.legacy)
    const subject = { subject_type: 'iss-sub', iss: site.op.issuer, sub: person.accountId }
    const claims = site.claims(site.legacy, person)

    const response = await site.send(
      await signAs(site.legacy, { ...claims, events: { [authorizationFraud]: { subject } } }),
    )

    expect(response.json()).toEqual(unknown)
  })

  test('but by a partner of the same sector they are', async () => {
    const person = await site.connected(site.legacy)

    const response = await site.send(await signAs(site.branch, site.claims(site.branch, person)))

    expect(response.statusCode).toBe(202)
  })

  test('before a thousand others had a subject, and after', async () => {
    const person = await site.connected(site.branch)
    await site.op.web.database.pool('admin').query(
      `with people as (
         insert into web.accounts (id, address_hash, address)
         select 'crowd-' || n, 'crowd-' || n, '' from generate_series(1, 2500) as n returning id
       )
       insert into web.openid_grants (id, account_id, partner, scopes, claims, expires_at)
       select id, id, 'agency', '{}', '{}', now() + interval '1 hour' from people`,
    )

    const response = await site.send(await signAs(site.branch, site.claims(site.branch, person)))

    expect(response.statusCode).toBe(202)
  })
})

describe('where the reset is switched off', () => {
  test('a report is recorded, and nothing else', async () => {
    const { database } = site.op.web
    const off = await startReportingSite(
      { ANTEROOM_RESET_PASSWORD_ON_AUTH_FRAUD_EVENT: 'false' },
      { database },
    )
    const person = await off.connected(off.legacy)
    await off.op.web.deps.accounts.setPassword(person.accountId, 'a-hash')
    await person.signIn()

    const response = await off.send(await signAs(off.legacy, off.claims(off.legacy, person)))
    const stillIn = await isSignedIn(person)
    await off.stop()

    expect(response.statusCode).toBe(202)
    expect(stillIn).toBe(true)
    expect((await accountOf(person)).password).toBe('a-hash')
    expect(await receivedOf(person)).toHaveLength(1)
    expect(off.mailbox.mails).toEqual([])
  })
})

describe('what goes wrong half-way', () => {
  test('in the transaction changes nothing, and the same token is taken later', async () => {
    const { database } = site.op.web
    const admin = database.pool('admin')
    const real = await startReportingSite({}, { database, mail: 'queued' })
    const person = await real.connected(real.shared)
    await real.op.web.deps.accounts.setPassword(person.accountId, 'a-hash')
    const token = await signAs(real.shared, real.claims(real.shared, person))
    const mails = async () =>
      (
        await admin.query(
          `select from graphile_worker.jobs where task_identifier = 'email-delivery'`,
        )
      ).rowCount
    const before = await mails()

    await admin.query('revoke execute on function channel.enqueue(jsonb) from anteroom_web')
    const failed = await real.send(token)
    const [left, received] = [await accountOf(person), await receivedOf(person)]
    await admin.query('grant execute on function channel.enqueue(jsonb) to anteroom_web')
    const later = await real.send(token)
    await real.stop()

    expect(failed.statusCode).toBe(500)
    expect(left.password).toBe('a-hash')
    expect(received).toEqual([])
    expect(later.statusCode).toBe(202)
    expect(await mails()).toBe(Number(before) + 1)
  })

  test('with the sessions is made good when the partner sends its token again', async () => {
    const { database } = site.op.web
    const lost = await startReportingSite({}, { database })
    const person = await lost.connected(lost.legacy)
    const jti = 'jti-of-a-loss'
    await lost.op.web.loseRedis()

    const failed = await lost.send(
      await signAs(lost.legacy, { ...lost.claims(lost.legacy, person), jti }),
    )
    const [unsettled] = await receivedOf(person)
    await lost.stop()
    const back = await startReportingSite({}, { database, like: lost })
    const again = { ...back.claims(back.legacy, person), jti }
    const answers = [
      await back.send(await signAs(back.legacy, again)),
      await back.send(await signAs(back.legacy, again)),
    ]
    await back.stop()

    expect(failed.statusCode).toBeGreaterThanOrEqual(500)
    expect(unsettled).toMatchObject({ settled_at: null })
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 400])
    expect(await receivedOf(person)).toMatchObject([{ settled_at: expect.any(Date) }])
  })
})
