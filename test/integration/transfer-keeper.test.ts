import { createHmac, randomBytes } from 'node:crypto'
import { openTextFor } from '@anteroom/crypto'
import { pushReport } from '@anteroom/job-channel'
import { jobs, unpackJob, type WireJob } from '@anteroom/job-contracts'
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
