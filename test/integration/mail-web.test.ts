import { jobs, readWire, unpackJob } from '@anteroom/job-contracts'
import { afterAll, expect, test } from 'vitest'
import { openFixed } from '../support/fixed-keys.ts'
import { startTestWeb } from '../support/web.ts'

const web = await startTestWeb()
afterAll(() => web.stop())

const mail = {
  to: 'zephyrine@quackenbush.example',
  template: 'recovery',
  link: 'https://id.example.gov/recover/wS4T',
  values: { minutes: '30' },
} as const

test('an e-mail becomes a job that only the worker can read', async () => {
  await web.deps.sendMail(mail)

  const { rows } = await web.database
    .pool('admin')
    .query('select payload from graphile_worker._private_jobs')
  const [{ payload }] = rows
  expect(JSON.stringify(payload)).not.toMatch(/quackenbush|recovery|wS4T/)
  const wire = readWire(payload)
  expect(wire.clear).toEqual({})
  const opened = await unpackJob(jobs.emailDelivery, wire, (slot, message) =>
    openFixed('payload', slot, message),
  )
  expect(opened).toEqual({ ...mail, language: 'en-US' })
})

test.each([
  'no-address',
  'a@b',
  'two@example.org,three@example.org',
  'name <a@example.org>',
  'a@example.org\r\nBcc: b@example.org',
])('%s is no address to write to', async (to) => {
  await expect(web.deps.sendMail({ ...mail, to })).rejects.toThrow()
})
