import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  batchesOf,
  type DeadFilter,
  discardDeadLetters,
  replayDeadLetters,
} from '@anteroom/operations'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { purgeTransfers } from '../../apps/idp-web/src/transfers/transfer-upkeep-rows.ts'
import { keepOverdue, purgeDeadLetters } from '../../apps/worker/src/ledger/dead-letters.ts'
import { settleOverdue } from '../../apps/worker/src/ledger/upkeep-statements.ts'
import { purgeTransferSteps } from '../../apps/worker/src/transfers/transfer-steps.ts'
import { localDirectory } from '../support/root.ts'
import { startTransferBed, type TransferBed } from '../support/transfer-bed.ts'
import { startTransferDesk, type TransferDesk, until } from '../support/transfer-desk.ts'
import { type Kind, sourceHost } from '../support/transfer-door.ts'
import { fileServer } from '../support/transfer-files.ts'
import { runTransfers } from '../support/transfer-runner.ts'

/** The real web and the real worker's task on one database. */

const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
const file = randomBytes(10_000)
let bed: TransferBed
let desk: TransferDesk
let key: string

beforeAll(async () => {
  bed = await startTransferBed(directory)
  desk = await startTransferDesk()
  key = await desk.consumer('permits-office', {
    sourceHosts: [sourceHost],
    webhookUrl: 'https://hooks.permits.example/in',
    webhookSecret: await desk.web.deps.sealRecord(
      { name: 'transfer-webhook', id: 'permits-office' },
      `whsec_${randomBytes(32).toString('base64')}`,
    ),
  })
})
afterAll(async () => {
  await bed.stop()
  await desk.stop()
  await rm(directory, { recursive: true, force: true })
})
afterEach(async () => {
  bed.receiver.refuse = undefined
  await admin().query('delete from worker.dead_letters')
})

const admin = () => desk.web.database.pool('admin')
const worker = () => desk.web.database.pool('worker')
const operator = () => desk.web.database.pool('ops')

const run = (kind: Kind = 'https') =>
  runTransfers({
    databaseUrl: desk.web.database.urls.worker,
    redisUrl: desk.web.workerRedisUrl,
    facts: bed.facts,
    kind,
  })

const missing = () => bed.serve((_request, response) => void response.writeHead(404).end())
/** The destination wants to be asked later. */
const busy = () => {
  bed.serve(fileServer(file))
  bed.receiver.refuse = () => ({ status: 429, headers: { 'retry-after': '600' } })
}

const request = () => ({
  source: { type: 'url', url: `https://${sourceHost}/quackenbush.pdf?signature=wS4T` },
  destination: { name: 'county-records', path: `permits/${randomBytes(6).toString('hex')}` },
})

async function ask(changes: object = {}, headers: Record<string, string> = {}) {
  const answer = await desk.ask(key, { body: { ...request(), ...changes }, headers })
  return { answer, id: String(answer.json().id) }
}

const look = async (id: string) => (await desk.ask(key, { method: 'GET', path: `/${id}` })).json()

const endOf = async (id: string) => {
  await until(async () => (await look(id)).ended_at !== null)
  return look(id)
}

/** One that has failed, because its source had no such file. */
async function failed(changes: object = {}): Promise<string> {
  missing()
  const { id } = await ask(changes)
  await run()
  await endOf(id)
  return id
}

const jobOf = async (id: string): Promise<string> => {
  const { rows } = await admin().query<{ job_id: string }>(
    'select job_id from web.transfers where id = $1',
    [id],
  )
  return rows[0]?.job_id ?? ''
}

const letters = async () =>
  (
    await admin().query(
      'select *, round(extract(epoch from purge_at - died_at) / 86400)::integer as days from worker.dead_letters',
    )
  ).rows

/** As `pnpm ops dead replay` and the console do. */
async function replay(filter: DeadFilter = { job: 'document-transfer' }): Promise<string[]> {
  const batches = await batchesOf(operator(), { ...filter, since: new Date(0) })
  const answers = await Promise.all(
    batches.map((jobIds) => replayDeadLetters(operator(), 'ada', jobIds)),
  )
  return answers.flat().map(({ answer }) => answer)
}

const messagesAbout = async (id: string) => {
  const { rows } = await admin().query<{ id: string; body: string }>(
    'select id, body from web.transfer_webhooks where transfer_id = $1 order by made_at',
    [id],
  )
  return rows.map((row) => ({ id: row.id, type: JSON.parse(row.body).type }))
}

test('a failed transfer that is replayed runs again under its id, and its consumer is told the new end by a message of its own', async () => {
  missing()
  const headers = { 'idempotency-key': 'permit-1' }
  const body = request()
  const { id } = await ask(body, headers)
  await run()
  const first = await endOf(id)
  bed.serve(fileServer(file))

  const answers = await replay({ consumer: 'permits-office', destination: 'county-records' })
  const waiting = await look(id)
  await run()
  const last = await endOf(id)

  expect(first).toMatchObject({ state: 'failed', problem: 'source-not-found' })
  expect(answers).toEqual(['queued'])
  expect(waiting).toMatchObject({ id, state: 'waiting', ended_at: null, attempts: 0 })
  expect(Date.parse(waiting.deadline_at)).toBeGreaterThan(Date.parse(first.deadline_at))
  expect(last).toMatchObject({ id, state: 'delivered', problem: null, attempts: 1 })
  const messages = await messagesAbout(id)
  expect(messages.map(({ type }) => type)).toEqual(['transfer.failed', 'transfer.delivered'])
  expect(new Set(messages.map(({ id: messageId }) => messageId)).size).toBe(2)
  const again = await ask(body, headers)
  expect(again).toMatchObject({ id, answer: { headers: { 'idempotency-replayed': 'true' } } })
  const { rows } = await admin().query<{ entry: string }>(
    'select entry from web.transfer_audit order by number',
  )
  const told = rows.map(({ entry }) => JSON.parse(entry)).filter(({ transfer }) => transfer === id)
  expect(told.map(({ event }) => event)).toEqual([
    'transfer requested',
    'transfer failed',
    'transfer replayed',
    'transfer delivered',
  ])
  expect(told[2]?.facts).toEqual({ actor: 'ada' })
})

test('several are replayed by one command, and each fails or succeeds by itself', async () => {
  const ids = [await failed(), await failed()]
  bed.serve(fileServer(file))

  const answers = await replay()
  await run()

  expect(answers).toEqual(['queued', 'queued'])
  const ends = await Promise.all(ids.map(endOf))
  expect(ends.map(({ state }) => state)).toEqual(['delivered', 'delivered'])
})

test('what fails once more is told once more, and can be replayed again', async () => {
  const id = await failed()

  await replay()
  await run()
  await until(async () => (await messagesAbout(id)).length === 2)

  expect(await endOf(id)).toMatchObject({ state: 'failed', problem: 'source-not-found' })
  expect(await replay()).toEqual(['queued'])
})

test('a transfer that was stopped is not kept for another try', async () => {
  busy()
  const { id } = await ask()
  await run()
  await desk.ask(key, { path: `/${id}/cancel` })
  await run()

  expect((await endOf(id)).state).toBe('cancelled')
  expect(await letters()).toEqual([])
})

test('nor is one that its consumer wanted stopped and that failed before that', async () => {
  busy()
  const { id } = await ask()
  await run()
  await desk.ask(key, { path: `/${id}/cancel` })
  const jobId = await jobOf(id)

  await admin().query(
    `update worker.ledger set deadline_at = now() - interval '1 second' where job_id = $1`,
    [jobId],
  )
  await settleOverdue(worker())
  await keepOverdue(worker(), [jobId])

  expect(await letters()).toEqual([])
})

test('one whose source can be fetched until a moment is not tried after it, nor given longer', async () => {
  const expiresAt = new Date(Date.now() + 1_200_000)
  const id = await failed({ expires_at: expiresAt.toISOString() })
  const [letter] = await letters()

  const soon = new Date(Date.now() + 60_000)
  await admin().query('update worker.dead_letters set useless_at = $1', [soon])
  await replay()
  const waiting = await look(id)
  await run()
  await until(async () => (await letters()).length === 1)
  await admin().query('update worker.dead_letters set useless_at = now()')

  expect(letter.useless_at).toEqual(expiresAt)
  expect(new Date(waiting.deadline_at)).toEqual(soon)
  expect(await replay()).toEqual(['useless'])
  expect((await endOf(id)).state).toBe('failed')
})

test.each([
  ['is disabled', 'active = false', 'active = true'],
  ['may not use its destination', `destinations = '{}'`, `destinations = '{county-records}'`],
])('one whose consumer %s is not tried again', async (_, taken, given) => {
  await failed()
  const set = (change: string) =>
    admin().query(`update web.transfer_consumers set ${change} where id = 'permits-office'`)

  await set(taken)
  const answers = await replay()
  await set(given)

  expect(answers).toEqual(['gone'])
  expect(await replay()).toEqual(['queued'])
  await run()
})

test('that it failed is not told any more once it is tried again', async () => {
  const id = await failed()
  await until(async () => (await messagesAbout(id)).length === 1)
  await admin().query(
    `update web.transfer_webhooks set state = 'waiting', next_round_at = now() where transfer_id = $1`,
    [id],
  )

  await replay()

  const { rows } = await admin().query(
    'select state, next_round_at from web.transfer_webhooks where transfer_id = $1',
    [id],
  )
  expect(rows).toEqual([{ state: 'dead', next_round_at: null }])
  await run()
})

test('one that nobody looks up any more is not tried again', async () => {
  await failed()
  await admin().query(
    `update web.transfers set ended_at = now() - interval '2 days' where ended_at is not null`,
  )
  await purgeTransfers(desk.web.database.pool('web'), 1)

  expect(await replay()).toEqual(['gone'])
})

/** Everything that the worker keeps, as text. */
async function kept(): Promise<string> {
  const tables = ['worker.dead_letters', 'worker.transfer_steps', 'graphile_worker._private_jobs']
  const all = await Promise.all(tables.map((table) => admin().query(`select * from ${table}`)))
  return JSON.stringify(all.map(({ rows }) => rows))
}

test.each([
  ['an operator throws it away', (jobId: string) => discardDeadLetters(operator(), 'ada', [jobId])],
  [
    'seven days have passed',
    async () => {
      await admin().query(`update worker.dead_letters set purge_at = purge_at - interval '7 days'`)
      await purgeDeadLetters(worker())
    },
  ],
])('where the file comes from is kept sealed, and is gone when %s', async (_when, forget) => {
  const id = await failed()
  const jobId = await jobOf(id)
  const before = await kept()
  const [letter] = await letters()

  await forget(jobId)
  await purgeTransferSteps(worker())

  expect(before).toContain(jobId)
  expect(before).not.toMatch(/quackenbush|agency\.example|wS4T/)
  expect(letter.days).toBe(7)
  expect(await kept()).not.toContain(jobId)
})

test('a file that stands there though nobody heard of it is found by the next try, and is not sent twice', async () => {
  bed.serve(fileServer(file))
  const before = bed.receiver.files.size
  const isThere = () => bed.receiver.files.size > before
  bed.receiver.refuse = (method) => (method === 'HEAD' && isThere() ? { status: 500 } : undefined)
  const { id } = await ask({ destination: { ...request().destination, conflict: 'rename' } })
  await run()
  const jobId = await jobOf(id)
  await admin().query(
    `update worker.ledger set deadline_at = now() - interval '1 second' where job_id = $1`,
    [jobId],
  )
  await settleOverdue(worker())
  await keepOverdue(worker(), [jobId])
  await purgeTransferSteps(worker())
  bed.receiver.refuse = undefined

  const answers = await replay()
  await run()

  expect(answers).toEqual(['queued'])
  expect(await endOf(id)).toMatchObject({ state: 'delivered', filename: 'quackenbush.pdf' })
  expect(bed.receiver.files.size).toBe(before + 1)
})
