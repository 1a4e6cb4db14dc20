import { randomBytes } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { keepTransfers } from '../../apps/idp-web/src/transfers/transfer-keeper.ts'
import { type CredentialDesk, samplePdf, startCredentialDesk } from '../support/credential-desk.ts'
import { waitingStanding } from '../support/scripted-line.ts'
import { newAccount, signInAs } from '../support/signed-in.ts'
import { startTransferDesk, type TransferDesk, until } from '../support/transfer-desk.ts'
import { sha256Of } from '../support/transfer-files.ts'
import { createVisitor, type Visitor } from '../support/web.ts'

let people: CredentialDesk
let desk: TransferDesk
/** The agency's own. */
let key: string
beforeAll(async () => {
  people = await startCredentialDesk({}, async (settings, options) => {
    desk = await startTransferDesk(settings, options)
    return desk.web
  })
  key = await desk.consumer('permits-office')
  await takes('permits-office')
})
afterAll(() => desk.stop())
beforeEach(() => people.line.setStanding(waitingStanding))

const admin = () => desk.web.database.pool('admin')

/** Operators let an agency take credentials. */
async function takes(consumer: string, receiver: object = {}): Promise<void> {
  const place = { name: `The ${consumer}`, destination: 'county-records', folder: 'permits/in' }
  await desk.web.database
    .pool('ops')
    .query('select ops.set_credential_receiver($1, $2, $3)', [
      'ada',
      consumer,
      JSON.stringify({ ...place, ...receiver }),
    ])
}

async function withCredential(pdf?: Buffer): Promise<Visitor> {
  const person = await people.inLine()
  await people.issue(pdf)
  await person.get('/credential')
  return person
}

const path = '/credential/send/permits-office'
const agreed = (how: 'send' | 'code') => ({ how, agree: 'yes' })

/** The person opens the page that says what is sent, and agrees. */
async function agree(
  person: Visitor,
  how: 'send' | 'code',
  at = path,
): Promise<LightMyRequestResponse> {
  await person.get(at)
  return person.post(at, agreed(how))
}

async function codeOf(person: Visitor, at = path): Promise<string> {
  const { payload } = await agree(person, 'code', at)
  return /(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}/.exec(payload)?.[0] ?? ''
}

const asking = (consent: string, changes: object = {}) => ({
  body: {
    source: { type: 'credential', consent },
    destination: { name: 'county-records', path: 'permits/in/new', ...changes },
  },
})

async function transfersOf(consumer: string): Promise<{ id: string; state: string }[]> {
  const listed = await admin().query(
    'select id, state from web.transfers where consumer_id = $1 order by requested_at desc, id',
    [consumer],
  )
  return listed.rows
}

async function auditOf(
  consumer: string,
): Promise<{ event: string; facts: Readonly<Record<string, string>> }[]> {
  const { rows } = await admin().query<{ entry: string }>(
    'select entry from web.transfer_audit where consumer_id = $1 order by number',
    [consumer],
  )
  return rows.map(({ entry }) => JSON.parse(entry))
}

/** A statement of the web waits for a lock. */
async function isHeldUp(): Promise<boolean> {
  const { rowCount } = await admin().query(
    `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and wait_event = 'relation'`,
  )
  return (rowCount ?? 0) > 0
}

const headingOf = ({ payload }: LightMyRequestResponse): string =>
  /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(payload)?.[1]?.trim() ?? ''

test('a credential that its owner agrees to send becomes a transfer of the agency, and both see it arrive', async () => {
  const person = await withCredential()

  const page = await person.get('/credential')
  const list = await person.get('/credential/send')
  const consent = await person.get(path)
  const answer = await person.post(path, agreed('send'))
  const sending = await person.get(`${path}/sent`)

  expect(page.payload).toContain('href="/credential/send"')
  expect(list.payload).toContain(`href="${path}"`)
  expect(headingOf(consent)).toBe('Send your credential to The permits-office')
  expect(answer.headers.location).toBe(`${path}/sent`)
  expect(headingOf(sending)).toBe('Your credential is being sent')
  const [{ id = '' } = {}] = await transfersOf('permits-office')
  const shown = await desk.ask(key, { method: 'GET', path: `/${id}` })
  expect(shown.json()).toMatchObject({
    source: { type: 'credential' },
    destination: 'county-records',
    path: 'permits/in',
    filename: `credential-${id}.pdf`,
  })
  await desk.delivered(id, { filename: `credential-${id}.pdf` })
  const status = await person.get(`${path}/sent/status`)
  expect(status.json()).toMatchObject({ state: 'delivered' })
  expect(headingOf(await person.get(`${path}/sent`))).toBe('Your credential has arrived')
  expect((await person.get(path)).headers.location).toBe(`${path}/sent`)
})

test('an agency is told by its webhook of a credential that somebody has sent to it', async () => {
  const id = 'told-office'
  const secret = `whsec_${'A'.repeat(43)}=`
  const { sealRecord } = desk.web.deps
  await desk.consumer(id, {
    webhookUrl: 'https://hooks.permits.example/in',
    webhookSecret: await sealRecord({ name: 'transfer-webhook', id }, secret),
  })
  await takes(id)
  await agree(await withCredential(), 'send', `/credential/send/${id}`)
  const [{ id: transferId = '' } = {}] = await transfersOf(id)

  await desk.delivered(transferId, { filename: `credential-${transferId}.pdf` })

  const told = (await desk.queued('webhook-delivery')).filter(({ clear }) => clear.consumer === id)
  expect(told).toHaveLength(1)
  expect((await auditOf(id)).map(({ event }) => event)).toEqual(
    expect.arrayContaining(['credential consent', 'transfer requested', 'transfer delivered']),
  )
})

test('the job has the file, sealed for the worker, under a name that says nothing, for an hour and no dead letter', async () => {
  // Far larger than a paper is.
  const file = Buffer.concat([samplePdf, randomBytes(900_000)])
  const person = await withCredential(file)

  await agree(person, 'send')

  const wire = (await desk.queued('document-transfer')).at(-1)
  const payload = wire && (await desk.payloadOf(wire))
  expect(payload).toMatchObject({
    source: { type: 'credential', pdf: file.toString('base64') },
    sha256: sha256Of(file),
    filename: `credential-${payload?.transferId}.pdf`,
    path: 'permits/in',
    deadLetter: 'never',
  })
  expect(wire?.clear).toMatchObject({ deadLetter: 'never' })
  expect(JSON.stringify(wire)).not.toContain(samplePdf.toString('base64').slice(0, 40))
  expect((wire?.deadlineAt ?? 0) - (wire?.enqueuedAt ?? 0)).toBe(3_600_000)
})

test('an agency has it sent by the API with the code that the person gave it, once', async () => {
  const code = await codeOf(await withCredential())
  const named = { headers: { 'idempotency-key': 'case-4711' } }

  const taken = await desk.ask(key, {
    ...asking(code.toLowerCase().replaceAll('-', ' ')),
    ...named,
  })
  const replayed = await desk.ask(key, {
    ...asking(code.toLowerCase().replaceAll('-', ' ')),
    ...named,
  })
  const again = await desk.ask(key, asking(code))

  expect(taken.statusCode).toBe(202)
  expect(taken.json()).toMatchObject({ source: { type: 'credential' }, path: 'permits/in/new' })
  expect(replayed.json().id).toBe(taken.json().id)
  expect([again.statusCode, again.json().code]).toEqual([422, 'consent-unknown'])
})

test('nobody keeps the code itself, and the audit has what was agreed and names nobody', async () => {
  const code = await codeOf(await withCredential())
  await desk.ask(key, asking(code))

  const { rows } = await admin().query('select * from web.credential_consents')
  const [consent, requested] = (await auditOf('permits-office')).slice(-2)

  expect(JSON.stringify(rows)).not.toContain(code)
  expect(consent).toMatchObject({ event: 'credential consent', facts: { how: 'code' } })
  expect(requested).toMatchObject({
    event: 'transfer requested',
    facts: { source: 'credential', consent: consent?.facts.consent },
  })
  expect(JSON.stringify([consent, requested])).not.toMatch(/Maria|Okafor|1986|AR-7K2M/)
  expect(desk.web.logLines.join('')).not.toContain(code)
})

test.each([
  ['another agency’s', async () => codeOf(await withCredential())],
  ['one that was never made', async () => '0ABC-1DEF-2GHJ-3KMN-4PQR-5STV-6WXY'],
])('a code that is %s is unknown, and nothing more is said', async (name, make) => {
  const id = `other-${name.length}`
  const foreign = await desk.consumer(id)
  await takes(id)

  const answer = await desk.ask(foreign, asking(await make()))

  expect([answer.statusCode, answer.json().code]).toEqual([422, 'consent-unknown'])
  expect(await transfersOf(id)).toEqual([])
})

test('a code ends with the credential, with the visit, and when another is made', async () => {
  const expired = await codeOf(await withCredential())
  await desk.web.redis.del(`outcome:${people.line.joined.at(-1)?.ticket.id}`)
  const leaving = await withCredential()
  const left = await codeOf(leaving)
  await leaving.post('/session/end')
  const again = await withCredential()
  const replaced = await codeOf(again)
  const newest = await codeOf(again)

  const answers = await Promise.all(
    [expired, left, replaced, newest].map((code) => desk.ask(key, asking(code))),
  )

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([422, 422, 422, 202])
})

test('a retry is answered as before though the code was used while it was looked at', async () => {
  const code = await codeOf(await withCredential())
  const named = { ...asking(code), headers: { 'idempotency-key': 'case-4712' } }
  const first = await desk.ask(key, named)
  const rename = (from: string, to: string) =>
    [
      `update web.transfer_requests set consumer_id = '${to}' where consumer_id = '${from}'`,
    ] as const
  await desk.consumer('elsewhere')
  await admin().query(...rename('permits-office', 'elsewhere'))
  const client = await admin().connect()
  await client.query('begin')
  await client.query('lock table web.credential_consents in access exclusive mode')
  await client.query(...rename('elsewhere', 'permits-office'))
  const retry = desk.ask(key, named)
  await until(isHeldUp)
  await client.query('commit')
  client.release()

  const again = await retry

  expect([again.statusCode, again.json().id]).toEqual([202, first.json().id])
})

test('who sends it as it goes is told that it is gone, and has agreed to nothing', async () => {
  const person = await withCredential()
  await person.get(path)
  const client = await admin().connect()
  await client.query('begin')
  await client.query('lock table web.credential_consents in access exclusive mode')
  const pressed = person.post(path, agreed('send'))
  await until(isHeldUp)
  await desk.web.redis.del(`outcome:${people.line.joined.at(-1)?.ticket.id}`)
  await client.query('commit')
  client.release()

  const answer = await pressed

  expect(answer.headers.location).toBe('/credential/line')
  expect((await person.get(`${path}/sent`)).headers.location).toBe(path)
})

test('what could not be sent was agreed for nothing', async () => {
  const id = 'full-office'
  const theirs = await desk.consumer(id, { maxOpen: 1 })
  await takes(id)
  await desk.transfer(theirs)
  const person = await withCredential()
  const at = `/credential/send/${id}`

  const answer = await agree(person, 'send', at)

  expect(answer.statusCode).toBe(409)
  expect((await person.get(`${at}/sent`)).headers.location).toBe(at)
})

test('an agency learns no number of the person’s request', async () => {
  await agree(await withCredential(), 'send')

  const requested = desk.web.logLines
    .map((line) => JSON.parse(line))
    .findLast(({ msg }) => msg === 'transfer.requested')
  expect(requested.correlationId).toMatch(/^[0-9a-f-]{36}$/)
  expect(requested.correlationId).not.toBe(requested.requestId)
})

test('one code used twice at once makes one transfer', async () => {
  const code = await codeOf(await withCredential())
  const before = (await transfersOf('permits-office')).length

  const answers = await Promise.all([1, 2, 3, 4].map(() => desk.ask(key, asking(code))))

  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([202, 422, 422, 422])
  expect(await transfersOf('permits-office')).toHaveLength(before + 1)
})

test('however often the button is pressed, it is sent once', async () => {
  const person = await withCredential()
  await person.get(path)
  const before = (await transfersOf('permits-office')).length

  const answers = await Promise.all([1, 2, 3, 4].map(() => person.post(path, agreed('send'))))
  const late = await person.post(path, agreed('send'))

  expect([...answers, late].map(({ headers }) => headers.location)).toEqual(
    Array(5).fill(`${path}/sent`),
  )
  expect(await transfersOf('permits-office')).toHaveLength(before + 1)
})

test('nothing is sent before the box is ticked, and the page says so', async () => {
  const person = await withCredential()
  await person.get(path)
  const before = (await transfersOf('permits-office')).length

  const answer = await person.post(path, { how: 'send' })

  expect(answer.statusCode).toBe(422)
  expect(answer.payload).toContain('Check the box if you agree')
  expect(await transfersOf('permits-office')).toHaveLength(before)
})

test('nothing is sent without the token of the page, or with fields that no page has', async () => {
  const person = await withCredential()
  await person.get(path)
  const before = (await transfersOf('permits-office')).length

  const forged = await person.post(path, { ...agreed('send'), csrf: 'A'.repeat(43) })
  const odd = await person.post(path, { ...agreed('send'), consumer: 'x' })

  expect([forged.statusCode, odd.statusCode]).toEqual([403, 400])
  expect(await transfersOf('permits-office')).toHaveLength(before)
})

test('a stranger, and who has but half of what shows the ticket, learn nothing and send nothing', async () => {
  const person = await withCredential()
  await agree(person, 'send')
  const stranger = createVisitor(desk.web.app)
  const half = await withCredential()
  half.cookies.delete('anteroom-credential')

  for (const asked of [stranger, half]) {
    const pages = ['/credential/send', path, `${path}/sent`, `${path}/sent/status`]
    const answers = await Promise.all(pages.map((page) => asked.get(page)))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404])
  }
  expect((await half.post(path, agreed('send'))).statusCode).toBeGreaterThanOrEqual(403)
})

test.each(['nobody-office', '..%2Fx', '%00', 'X'.repeat(80)])(
  'an agency that is none (%s) is not there',
  async (id) => {
    const person = await withCredential()

    expect((await person.get(`/credential/send/${id}`)).statusCode).toBe(404)
  },
)

test('who comes when the credential is gone is told so', async () => {
  const person = await withCredential()
  await person.get(path)
  await desk.web.redis.del(`outcome:${people.line.joined.at(-1)?.ticket.id}`)

  const answers = await Promise.all([
    person.get('/credential/send'),
    person.get(path),
    person.post(path, agreed('send')),
  ])

  expect(answers.map(({ headers }) => headers.location)).toEqual(Array(3).fill('/credential/line'))
})

test.each<[string, (id: string) => Promise<unknown>]>([
  [
    'was disabled',
    (id) =>
      desk.web.database
        .pool('ops')
        .query('select ops.set_transfer_consumer_active($1, $2, false)', ['ada', id]),
  ],
  ['takes none any more', (id) => takes(id, { destination: '' })],
  [
    'lost its destination',
    (id) =>
      admin().query(`update web.transfer_consumers set destinations = '{archive}' where id = $1`, [
        id,
      ]),
  ],
])('to an agency that %s meanwhile nothing is sent', async (how, change) => {
  const id = `closing-${how.length}`
  const theirs = await desk.consumer(id)
  await takes(id)
  const person = await withCredential()
  const at = `/credential/send/${id}`
  const code = await codeOf(person, at)

  await change(id)
  const direct = await person.post(at, agreed('send'))
  const byApi = await desk.ask(theirs, asking(code))
  const list = await person.get('/credential/send')

  expect([404, 409]).toContain(direct.statusCode)
  expect(byApi.statusCode).toBe(403)
  expect(list.payload).not.toContain(`href="${at}"`)
  expect(await transfersOf(id)).toEqual([])
})

test('an agency has it put where operators said, and under our name, or not at all', async () => {
  const code = await codeOf(await withCredential())
  const none = await desk.consumer('no-credentials')

  const answers = [
    await desk.ask(key, asking(code, { path: 'permits/elsewhere' })),
    await desk.ask(key, asking(code, { path: 'permits/into' })),
    await desk.ask(key, asking(code, { name: 'archive' })),
    await desk.ask(key, asking(code, { filename: 'okafor.pdf' })),
    await desk.ask(none, asking(code)),
    await desk.ask(key, asking('short')),
  ]

  expect(answers.map((answer) => answer.json().code)).toEqual([
    'path-not-allowed',
    'path-not-allowed',
    'destination-not-allowed',
    'invalid-request',
    'source-not-allowed',
    'invalid-request',
  ])
  expect((await desk.ask(key, asking(code))).statusCode).toBe(202)
})

test('who guesses codes is refused after a hundred, and neither others nor a good code are', async () => {
  const guesser = await desk.consumer('guessing-office')
  await takes('guessing-office')
  const guess = () => desk.ask(guesser, asking('0ABC-1DEF-2GHJ-3KMN-4PQR-5STV-6WXY'))
  for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 10 }, guess))

  const refused = await guess()
  const other = await desk.ask(key, asking(await codeOf(await withCredential())))
  const good = await codeOf(await withCredential(), '/credential/send/guessing-office')
  const taken = await desk.ask(guesser, asking(good))
  const person = await withCredential()
  const direct = await agree(person, 'send', '/credential/send/guessing-office')

  expect([refused.statusCode, refused.json().code]).toEqual([429, 'rate-limited'])
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect([other.statusCode, taken.statusCode]).toEqual([202, 202])
  expect(direct.headers.location).toBe('/credential/send/guessing-office/sent')
  expect(await transfersOf('guessing-office')).toHaveLength(2)
})

test('who makes code after code is stopped before the audit is full of them', async () => {
  const person = await withCredential()
  await person.get(path)
  const answers: number[] = []
  for (let count = 0; count < 21; count += 1) {
    answers.push((await person.post(path, agreed('code'))).statusCode)
  }

  expect(answers).toEqual([...Array(20).fill(200), 429])
})

test('a transfer that failed says why, and can be tried again while the credential is there', async () => {
  const person = await withCredential()
  await agree(person, 'send')
  const [{ id = '' } = {}] = await transfersOf('permits-office')
  const waiting = {
    state: 'waiting',
    reason: 'vendor-unavailable',
    code: 'destination-busy',
  } as const
  await desk.report(id, { ...waiting, nextTry: Date.now() + 60_000 })
  const later = await person.get(`${path}/sent`)
  await desk.report(id, { state: 'failed', reason: 'rejected-input', code: 'destination-refused' })

  const failed = await person.get(`${path}/sent`)
  const again = await agree(person, 'send')
  const sending = await person.get(`${path}/sent`)

  expect(headingOf(later)).toBe('Your credential is not there yet')
  expect(headingOf(failed)).toBe('Your credential could not be sent')
  expect(failed.payload).toContain('The permits-office did not take the file.')
  expect(failed.payload).toContain(`<a class="usa-button" href="${path}"`)
  expect(again.headers.location).toBe(`${path}/sent`)
  expect(headingOf(sending)).toBe('Your credential is being sent')
  const [newest] = await transfersOf('permits-office')
  expect(newest?.id).not.toBe(id)
})

test('that it did not arrive is said only where that is known', async () => {
  const person = await withCredential()
  await agree(person, 'send')
  const [{ id = '' } = {}] = await transfersOf('permits-office')

  await desk.report(id, { state: 'failed', reason: 'timed-out' })

  const failed = await person.get(`${path}/sent`)
  expect(headingOf(failed)).toBe('Your credential may not have arrived')
  expect(failed.payload).toContain('We do not know if it arrived. Ask them.')
  expect(failed.payload).not.toContain('did not get')
})

test('an unused code is said to be unused, and its use is seen', async () => {
  const person = await withCredential()
  const code = await codeOf(person)

  const before = await person.get(`${path}/sent`)
  await desk.ask(key, asking(code))
  const after = await person.get(`${path}/sent`)

  expect(headingOf(before)).toBe('Your credential was not sent yet')
  expect(headingOf(after)).toBe('Your credential is being sent')
})

test('the history of an account shows that its owner agreed, and no agency', async () => {
  const account = await newAccount(desk.web)
  const person = await people.verified()
  await signInAs(desk.web, person, { accountId: account.id })
  people.line.setStanding(waitingStanding)
  await person.post('/credential/request')
  await people.issue()

  const answer = await agree(person, 'send')

  const { rows } = await admin().query(
    'select event from web.account_events where account_id = $1',
    [account.id],
  )
  expect(answer.headers.location).toBe(`${path}/sent`)
  expect(rows).toEqual([{ event: 'credential-shared' }])
})

test('what was agreed is forgotten a day after the credential', async () => {
  await codeOf(await withCredential())
  await admin().query(`update web.credential_consents set expires_at = now() - interval '25 hours'`)

  await until(() => keepTransfers(desk.web.deps))

  expect((await admin().query('select from web.credential_consents')).rowCount).toBe(0)
})

test('where no agency takes credentials nobody is offered to send one', async () => {
  await admin().query('delete from web.credential_receivers')
  const person = await withCredential()

  const page = await person.get('/credential')
  const list = await person.get('/credential/send')

  expect(page.payload).not.toContain('href="/credential/send"')
  expect(list.payload).toContain('No agency takes credentials right now.')
})
