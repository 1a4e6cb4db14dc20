import { createHmac, randomBytes } from 'node:crypto'
import { openTextFor } from '@anteroom/crypto'
import { pushReport } from '@anteroom/job-channel'
import { jobs, unpackJob, type WireJob } from '@anteroom/job-contracts'
import { traceIdOf } from '@anteroom/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepTransfers } from '../../apps/idp-web/src/transfers/transfer-keeper.ts'
import { fixedSealer } from '../support/fixed-keys.ts'
import { contractOf } from '../support/openapi-contract.ts'
import { startTransferDesk, type TransferDesk, until } from '../support/transfer-desk.ts'

let desk: TransferDesk
beforeAll(async () => {
  desk = await startTransferDesk()
})
afterAll(() => desk.stop())

const openPayload = openTextFor(fixedSealer, 'payload')
const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`

const admin = () => desk.web.database.pool('admin')

/** A consumer that is told how its transfers end. */
async function listener(id: string, secret: string): Promise<string> {
  const { sealRecord } = desk.web.deps
  return desk.consumer(id, {
    webhookUrl: 'https://hooks.permits.example/in',
    webhookSecret: await sealRecord({ name: 'transfer-webhook', id }, secret),
  })
}

async function messagesTo(consumer: string) {
  const wires = await desk.queued('webhook-delivery')
  return Promise.all(
    wires
      .filter(({ clear }) => clear.consumer === consumer)
      .map(async (wire) => ({
        wire,
        ...(await unpackJob(jobs.webhookDelivery, wire, openPayload)),
      })),
  )
}

function signed(
  secret: string,
  { messageId, timestamp, body }: { messageId: string; timestamp: number; body: string },
) {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`${messageId}.${timestamp}.${body}`).digest('base64')}`
}

let seq = 0
async function reportRound(
  { id }: WireJob,
  told: { state: 'done' | 'failed'; code?: string },
): Promise<void> {
  seq += 1
  const reason = told.state === 'failed' ? ('vendor-unavailable' as const) : null
  const report = {
    v: 1,
    jobId: id,
    job: 'webhook-delivery',
    seq,
    attempt: 1,
    nextTry: null,
    billed: 0,
    bytes: 0,
    reason,
    ...told,
  } as const
  await pushReport(desk.web.redis.pipeline(), report).exec()
  await until(async () => {
    const { rowCount } = await admin().query(
      `select 1 from web.transfer_webhooks where job_id = $1 and state = 'queued'`,
      [id],
    )
    return rowCount === 0
  })
}

test('a consumer is told how a transfer ended, signed, in the commit of the end, and without names', async () => {
  const secret = newSecret()
  const key = await listener('permits-office', secret)
  const id = await desk.transfer(key)
  const document = (await desk.web.app.inject('/api/openapi.json')).json()

  await desk.delivered(id)

  const messages = await messagesTo('permits-office')
  expect(messages).toHaveLength(1)
  const [message] = messages
  if (!message) return
  expect(message.signature).toBe(signed(secret, message))
  expect(message.url).toBe('https://hooks.permits.example/in')
  expect(Math.abs(message.timestamp - Date.now() / 1_000)).toBeLessThan(60)
  const body = JSON.parse(message.body)
  expect(body).toMatchObject({
    type: 'transfer.delivered',
    data: { id, state: 'delivered', sha256: '5e'.repeat(32) },
  })
  expect(contractOf(document).schemaProblemsOf('WebhookMessage', body)).toEqual([])
  expect(message.body).not.toMatch(/quackenbush|permits\/2026/)
})

test('who wants no message for a transfer gets none', async () => {
  const key = await listener('quiet-office', newSecret())
  const id = await desk.transfer(key, { webhook: false })

  await desk.report(id, { state: 'failed', reason: 'timed-out' })

  expect(await messagesTo('quiet-office')).toEqual([])
})

test('a message that did not arrive is sent again later, signed anew, under the same id', async () => {
  const secret = newSecret()
  const key = await listener('deaf-office', secret)
  await desk.report(await desk.transfer(key), { state: 'failed', reason: 'timed-out' })
  const [first] = await messagesTo('deaf-office')
  if (!first) throw new Error('no message')
  await reportRound(first.wire, { state: 'failed' })
  await keepTransfers(desk.web.deps)
  const tooEarly = await messagesTo('deaf-office')
  await admin().query(
    `update web.transfer_webhooks set next_round_at = now() where consumer_id = 'deaf-office'`,
  )

  await keepTransfers(desk.web.deps)
  await keepTransfers(desk.web.deps)

  const [, second, ...more] = await messagesTo('deaf-office')
  expect(tooEarly).toHaveLength(1)
  expect(more).toEqual([])
  expect(second).toMatchObject({ messageId: first.messageId, body: first.body })
  expect(second?.wire.id).not.toBe(first.wire.id)
  expect(second?.signature).toBe(second && signed(secret, second))
})

test('a message that never arrives is given up after nine rounds, over three days', async () => {
  const secret = newSecret()
  const key = await listener('silent-office', secret)
  await desk.report(await desk.transfer(key), { state: 'failed', reason: 'timed-out' })
  const waits: number[] = []

  for (let round = 1; round <= 9; round += 1) {
    const last = (await messagesTo('silent-office')).at(-1)
    await reportRound(last?.wire as WireJob, { state: 'failed' })
    const { rows } = await admin().query<{ minutes: number | null }>(
      `update web.transfer_webhooks set next_round_at = now() where consumer_id = 'silent-office' and state = 'waiting'
       returning (select round(extract(epoch from before.next_round_at - now()) / 60)::float8
         from web.transfer_webhooks as before where before.id = transfer_webhooks.id) as minutes`,
    )
    waits.push(...rows.map(({ minutes }) => minutes ?? 0))
    await keepTransfers(desk.web.deps)
  }

  const messages = await messagesTo('silent-office')
  const { rows } = await admin().query(
    `select state, round from web.transfer_webhooks where consumer_id = 'silent-office'`,
  )
  expect(waits).toEqual([5, 30, 120, 300, 600, 840, 1_200, 1_440])
  expect(rows).toEqual([{ state: 'dead', round: 9 }])
  expect(messages).toHaveLength(9)
  expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(1)
  expect(messages.every((message) => message.signature === signed(secret, message))).toBe(true)
})

test('a message is given up when its receiver says that it is gone', async () => {
  const key = await listener('gone-office', newSecret())
  await desk.report(await desk.transfer(key), { state: 'failed', reason: 'timed-out' })
  const [message] = await messagesTo('gone-office')

  await reportRound(message?.wire as WireJob, { state: 'failed', code: 'gone' })

  const { rows } = await admin().query(
    `select state from web.transfer_webhooks where consumer_id = 'gone-office'`,
  )
  expect(rows).toEqual([{ state: 'dead' }])
})

/** A message of a failed transfer that its receiver wanted to hear nothing of. */
async function deadMessage(consumer: string) {
  const key = await listener(consumer, newSecret())
  await desk.report(await desk.transfer(key), { state: 'failed', reason: 'timed-out' })
  const [message] = await messagesTo(consumer)
  if (!message) throw new Error('no message')
  await reportRound(message.wire, { state: 'failed', code: 'gone' })
  return message
}

async function replay(messages: readonly string[] | null, consumer: string | null) {
  const { rows } = await desk.web.database
    .pool('ops')
    .query<{ id: string }>('select ops.replay_transfer_webhooks($1, $2, $3) as id', [
      'ada',
      messages,
      consumer,
    ])
  return rows.map(({ id }) => id)
}

async function eventsOf(consumer: string): Promise<string[]> {
  const { rows } = await admin().query<{ entry: string }>(
    'select entry from web.transfer_audit where consumer_id = $1 order by number',
    [consumer],
  )
  return rows.map(({ entry }) => JSON.parse(entry).event)
}

test('every round of a message and a replay go on with the trace of the request', async () => {
  const first = await deadMessage('traced-office')
  const transferId = JSON.parse(first.body).data.id
  const transfers = await desk.queued('document-transfer')
  const asked = transfers.find(({ clear }) => clear.transferId === transferId)
  await replay([first.messageId], null)

  await keepTransfers(desk.web.deps)

  const messages = await messagesTo('traced-office')
  const traces = messages.map(({ wire }) => traceIdOf(wire.traceparent))
  const trace = traceIdOf(asked?.traceparent ?? '')
  expect(trace).toMatch(/[1-9a-f]/)
  expect(traces).toEqual([trace, trace])
  const told = desk.web.logLines
    .map((line) => JSON.parse(line))
    .filter((line) => line.transferId === transferId)
  expect(told.map(({ msg, traceId }) => [msg, traceId])).toEqual([
    ['transfer.requested', trace],
    ['transfer.ended', trace],
    ['webhook.dead', trace],
  ])
})

test('a message of before traces were kept begins one', async () => {
  const key = await listener('former-office', newSecret())
  const id = await desk.transfer(key)
  await admin().query('update web.transfers set traceparent = null where id = $1', [id])

  await desk.delivered(id)

  const [message] = await messagesTo('former-office')
  expect(traceIdOf(message?.wire.traceparent ?? '')).toMatch(/[1-9a-f]/)
})

test('a message that was given up is sent again when an operator says so, in all its rounds, and that is written down', async () => {
  const first = await deadMessage('replayed-office')
  const isDead = (await replay([], 'replayed-office')).length
  const isNotAnyMore = (await replay([first.messageId], 'replayed-office')).length

  await keepTransfers(desk.web.deps)

  const [, second, ...more] = await messagesTo('replayed-office')
  if (!second) throw new Error('not sent again')
  await reportRound(second.wire, { state: 'failed' })
  const { rows } = await admin().query(
    `select state, round, next_round_at > now() + interval '4 minutes' as later
     from web.transfer_webhooks where consumer_id = 'replayed-office'`,
  )
  expect([isDead, isNotAnyMore, more.length]).toEqual([1, 0, 0])
  expect(second).toMatchObject({ messageId: first.messageId, body: first.body })
  expect(rows).toEqual([{ state: 'waiting', round: 1, later: true }])
  expect((await eventsOf('replayed-office')).slice(-2)).toEqual([
    'webhook dead',
    'transfer webhook replay',
  ])
})

test('a consumer that is disabled meanwhile is told nothing more, and that is written down', async () => {
  const key = await listener('disabled-office', newSecret())
  const [first, second] = [await desk.transfer(key), await desk.transfer(key)]
  await desk.report(first, { state: 'failed', reason: 'timed-out' })
  const [message] = await messagesTo('disabled-office')
  await reportRound(message?.wire as WireJob, { state: 'failed' })
  await desk.web.database
    .pool('ops')
    .query('select ops.set_transfer_consumer_active($1, $2, false)', ['ada', 'disabled-office'])
  await admin().query(
    `update web.transfer_webhooks set next_round_at = now() where consumer_id = 'disabled-office'`,
  )

  await desk.delivered(second)
  await keepTransfers(desk.web.deps)

  expect(await messagesTo('disabled-office')).toHaveLength(1)
  expect((await eventsOf('disabled-office')).slice(-2)).toEqual([
    'transfer delivered',
    'webhook dead',
  ])
})

test('for a day after a change two secrets sign', async () => {
  const [before, after] = [newSecret(), newSecret()]
  const key = await listener('changing-office', before)
  const webhookSecret = await desk.web.deps.sealRecord(
    { name: 'transfer-webhook', id: 'changing-office' },
    after,
  )
  await desk.web.database
    .pool('ops')
    .query('select ops.save_transfer_consumer($1, $2, false)', [
      'ada',
      JSON.stringify({ id: 'changing-office', webhookSecret }),
    ])

  await desk.delivered(await desk.transfer(key))

  const [message] = await messagesTo('changing-office')
  expect(message?.signature).toBe(message && `${signed(after, message)} ${signed(before, message)}`)
})

test('of a key that soon expires somebody is warned once, and it is marked once when it has: also when the keeper runs twice', async () => {
  const email = await desk.web.deps.sealRecord(
    { name: 'transfer-email', id: 'ageing-office' },
    'desk@permits.example',
  )
  const key = await desk.consumer('ageing-office', { email })
  const keyId = key.split('_')[1] ?? ''
  const lines = (event: string) =>
    desk.web.logLines.filter((line) => line.includes(`"${event}"`) && line.includes(keyId))
  const entries = async () =>
    (
      await admin().query(
        `select 1 from web.transfer_audit where consumer_id = 'ageing-office' and entry like '%"key expired"%'`,
      )
    ).rowCount
  await keepTransfers(desk.web.deps)
  const early = lines('transfer-key.expiring').length
  await admin().query(
    `update web.transfer_keys set expires_at = now() + interval '13 days' where id = $1`,
    [keyId],
  )

  await keepTransfers(desk.web.deps)
  await keepTransfers(desk.web.deps)
  const warned = lines('transfer-key.expiring').length
  const mails = await desk.queued('email-delivery')
  await admin().query('update web.transfer_keys set expires_at = now() where id = $1', [keyId])
  await keepTransfers(desk.web.deps)
  await keepTransfers(desk.web.deps)

  expect({
    early,
    warned,
    mails: mails.length,
    expired: lines('transfer-key.expired').length,
    entries: await entries(),
  }).toEqual({
    early: 0,
    warned: 1,
    mails: 1,
    expired: 1,
    entries: 1,
  })
  const [mail] = mails
  expect(mail && (await unpackJob(jobs.emailDelivery, mail, openPayload))).toMatchObject({
    to: 'desk@permits.example',
    template: 'transfer-key-expiring',
    values: { consumer: 'ageing-office', key: keyId },
  })
})

test('a consumer whose secret and address do not open any more holds up nobody', async () => {
  const broken = await desk.consumer('locked-office', {
    webhookUrl: 'https://hooks.permits.example/in',
    webhookSecret: 'not sealed',
    email: 'not sealed',
  })
  const whole = await listener('open-office', newSecret())
  const [first, second] = [await desk.transfer(broken), await desk.transfer(broken)]
  const late = await desk.transfer(whole)

  await desk.delivered(first)
  await admin().query(
    `update web.transfers set deadline_at = now() - interval '61 minutes' where id = any ($1)`,
    [[second, late]],
  )
  await admin().query(
    `update web.transfer_keys set expires_at = now() + interval '13 days' where consumer_id = 'locked-office'`,
  )
  await keepTransfers(desk.web.deps)

  const ended = (await desk.ask(broken, { method: 'GET', path: `/${first}` })).json()
  expect(ended.state).toBe('delivered')
  expect(await messagesTo('locked-office')).toEqual([])
  expect(await messagesTo('open-office')).toHaveLength(1)
  const lines = desk.web.logLines.filter((line) => line.includes('"locked-office"')).join()
  expect(lines).toContain('webhook.unsigned')
  expect(lines).toContain('transfer-key.expiring')
})

test('a consumer whose address is longer than the worker takes is told nothing, and its transfers end', async () => {
  const id = 'long-office'
  const { sealRecord } = desk.web.deps
  const key = await desk.consumer(id, {
    webhookUrl: `https://hooks.permits.example/${'x'.repeat(2_048)}`,
    webhookSecret: await sealRecord({ name: 'transfer-webhook', id }, newSecret()),
  })
  const transfer = await desk.transfer(key)

  await desk.delivered(transfer)

  const shown = await desk.ask(key, { method: 'GET', path: `/${transfer}` })
  expect(shown.json().state).toBe('delivered')
  expect(await messagesTo(id)).toEqual([])
})

test('a row that can never be written holds up neither reports nor rounds of others', async () => {
  const [bad, good] = [
    await listener('bad-office', newSecret()),
    await listener('fair-office', newSecret()),
  ]
  const told = { state: 'failed', reason: 'timed-out' } as const
  for (const key of [bad, good]) await desk.report(await desk.transfer(key), told)
  const stuck = await desk.transfer(bad)
  const { rows } = await admin().query('select job_id from web.transfers where id = $1', [stuck])
  await admin().query(
    `update web.transfer_webhooks set state = 'waiting', next_round_at = now() - case consumer_id
       when 'bad-office' then interval '1 hour' else interval '0' end
     where consumer_id in ('bad-office', 'fair-office')`,
  )
  await admin().query(`create function web.refuse_bad() returns trigger language plpgsql as
    $$ begin if new.consumer_id = 'bad-office' then raise exception 'NEVER'; end if; return new; end $$`)
  for (const table of ['transfers', 'transfer_webhooks']) {
    await admin().query(
      `create trigger refuse_bad before update on web.${table} for each row execute function web.refuse_bad()`,
    )
  }

  const common = {
    v: 1,
    job: 'document-transfer',
    seq: 1,
    attempt: 1,
    nextTry: null,
    billed: 0,
    bytes: 0,
  }
  await pushReport(desk.web.redis.pipeline(), {
    ...({ ...common, v: 1, jobId: rows[0].job_id, ...told } as const),
  }).exec()
  await desk.report(await desk.transfer(good), told)
  await keepTransfers(desk.web.deps)
  await until(async () => (await desk.web.redis.xlen('reports')) === 0)

  await admin().query('drop function web.refuse_bad cascade')
  expect(await messagesTo('bad-office')).toHaveLength(1)
  expect(await messagesTo('fair-office')).toHaveLength(3)
  const left = desk.web.logLines.filter((line) => line.includes('"transfers.left"'))
  expect(left.every((line) => line.includes('"bad-office"'))).toBe(true)
  expect(left.length).toBeGreaterThanOrEqual(2)
})

test('one consumer’s many messages are sent in one turn, and after the first one of another', async () => {
  await deadMessage('crowd-office')
  const { id: later } = { id: (await deadMessage('patient-office')).messageId }
  await admin().query(
    `insert into web.transfer_webhooks (id, transfer_id, consumer_id, body, state, job_id, round, deadline_at, ended_at)
     select 'msg_' || lpad(number::text, 22, '0'), transfer_id, consumer_id, body, state, 'crowd' || number, round, deadline_at, ended_at
     from web.transfer_webhooks, generate_series(1, 149) as number where consumer_id = 'crowd-office'`,
  )
  await admin().query(
    `update web.transfer_webhooks set state = 'waiting', ended_at = null, next_round_at = now() - case consumer_id
       when 'crowd-office' then interval '1 hour' else interval '1 minute' end
     where consumer_id in ('crowd-office', 'patient-office')`,
  )

  await keepTransfers(desk.web.deps)

  const sent = (await desk.queued('webhook-delivery')).slice(-151)
  const places = sent.map(({ clear }, place) => (clear.messageId === later ? place : -1))
  expect(places.filter((place) => place >= 0)).toEqual([1])
  expect(new Set(sent.map(({ clear }) => clear.consumer))).toEqual(
    new Set(['crowd-office', 'patient-office']),
  )
})

test('what nobody reports ends an hour after its deadline', async () => {
  const key = await desk.consumer('forgotten-office')
  const id = await desk.transfer(key)
  await admin().query(
    `update web.transfers set deadline_at = now() - interval '61 minutes' where id = $1`,
    [id],
  )

  await keepTransfers(desk.web.deps)

  expect((await desk.ask(key, { method: 'GET', path: `/${id}` })).json()).toMatchObject({
    state: 'failed',
    problem: 'internal',
  })
})

test('transfers are forgotten when their time is up, and the audit stays', async () => {
  const key = await desk.consumer('old-office')
  const id = await desk.transfer(key)
  await desk.delivered(id)
  await admin().query(
    `update web.transfers set ended_at = now() - interval '31 days' where id = $1`,
    [id],
  )

  await keepTransfers(desk.web.deps)

  expect((await desk.ask(key, { method: 'GET', path: `/${id}` })).statusCode).toBe(404)
  const { rows } = await admin().query<{ entry: string }>(
    `select entry from web.transfer_audit where consumer_id = 'old-office' order by number`,
  )
  expect(rows.map(({ entry }) => JSON.parse(entry).event)).toEqual([
    'transfer consumer new',
    'transfer key new',
    'transfer requested',
    'transfer delivered',
  ])
  expect(JSON.parse(rows[3]?.entry ?? '{}').facts.sha256).toBe('5e'.repeat(32))
})

test('the web can change neither an entry of the audit nor a consumer', async () => {
  const web = desk.web.database.pool('web')

  for (const statement of [
    `update web.transfer_audit set entry = 'x'`,
    'delete from web.transfer_audit',
    `insert into web.transfer_audit values ('a', 1, 'x', 'y')`,
    'update web.transfer_consumers set active = true',
    `update web.transfer_keys set expires_at = now() + interval '1 year'`,
    'select * from worker.stop_requests',
  ]) {
    await expect(web.query(statement), statement).rejects.toMatchObject({ code: '42501' })
  }
})
