import { jobs } from '@anteroom/job-contracts'
import { afterAll, expect, test } from 'vitest'
import { startMailServer } from '../support/mail-server.ts'
import { samplePayloads } from '../support/payloads.ts'
import { friendlyVendors, startTestWorker } from '../support/worker.ts'
import { scratchDirectory } from './local-scratch.ts'

const worker = await startTestWorker()
const server = await startMailServer(await scratchDirectory())
afterAll(async () => {
  await server.stop()
  await worker.stop()
})

const mail = { client: server.client(), timeoutMs: 5_000, senderName: 'Atlantis' }
const vendors = { ...friendlyVendors, mail }
const payload = samplePayloads.emailDelivery

const run = async (changes: Partial<typeof payload> = {}, given = vendors) => {
  const id = await worker.enqueue(jobs.emailDelivery, { ...payload, ...changes })
  await worker.runDue(given)
  return id
}

test('a job becomes one letter under its own id, and is done', async () => {
  const id = await run()

  expect(await worker.outcomeOf(id)).toMatchObject({ state: 'done' })
  expect(server.catcher.mailbox.all()).toMatchObject([
    {
      to: [payload.to],
      subject: 'Confirm your e-mail address',
      messageId: `<${id}@id.example.gov>`,
      links: [payload.link],
    },
  ])
})

test('an address that is refused for good fails at once, and is not tried again', async () => {
  const id = await run({ to: 'bounce@example.org' })

  expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'rejected-input' })
})

test('an address that is put off is tried again later', async () => {
  const id = await run({ to: 'later@example.org' })

  expect(await worker.reports()).toContainEqual(
    expect.objectContaining({ jobId: id, state: 'waiting', reason: 'vendor-unavailable' }),
  )
  expect(await worker.outcomeOf(id)).toMatchObject({ state: 'done' })
  expect(server.catcher.mailbox.all()[0]).toMatchObject({ to: ['later@example.org'] })
})

test('a worker without a mail server tries as long as somebody may give it one, and says why', async () => {
  const { mail: _none, ...without } = vendors

  const id = await worker.enqueue(jobs.emailDelivery, payload)
  await worker.runDue(without)

  const waiting = (await worker.reports()).filter(
    ({ jobId, state }) => jobId === id && state === 'waiting',
  )
  expect(waiting).toHaveLength(jobs.emailDelivery.retry.attempts - 1)
  expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'internal' })
  expect(worker.logLines.join('')).toContain('MAIL_NOT_SET_UP')
})

test('neither the log nor the queue names anybody or says what was written', async () => {
  await run({ to: 'bounce-2@example.org' })

  const { rows } = await worker.database
    .pool('admin')
    .query('select payload::text, last_error from graphile_worker._private_jobs')
  const written = [...worker.logLines, JSON.stringify(rows)].join('\n')
  expect(written).not.toMatch(/quackenbush|bounce-2|wS4T|Confirm your/)
})
