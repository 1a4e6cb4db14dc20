import { kmsKey } from '@anteroom/infra/local/policies.ts'
import { fields, type Job, jobs, packJob, readWire, unpackJob } from '@anteroom/job-contracts'
import { describe, expect, test } from 'vitest'
import { nextPollSeconds } from '../../apps/idp-web/src/proofing/polling.ts'
import type { OpenAttempt } from '../../apps/idp-web/src/session/session.ts'
import { silenceBeforeDeadlineSeconds } from '../../apps/worker/src/ledger/statements.ts'
import { samplePayloads } from '../support/payloads.ts'

/** Fields that any job may leave readable. Adding one here is a privacy review. */
const readable = [
  'attemptId',
  'since',
  'credentialId',
  // Of security events: which partner, what happened, and keyed hashes or random numbers.
  'partner',
  'event',
  'jti',
  'stream',
  // Of operators' commands, which are about no person.
  'numbers',
  'vendor',
  'revision',
  // Of transfers: who asked, for where, under which random id.
  'transferId',
  'destination',
  'consumer',
  'messageId',
  // That a job which fails is not kept, as the file is in it.
  'deadLetter',
  'calls',
  'windowSeconds',
  'paused',
]

/** The longest the waiting page goes without asking, however late it is and however the spread falls. */
function slowestPollSeconds(deadlineSeconds: number): number {
  const attempt: OpenAttempt = {
    attemptId: '',
    jobId: '',
    check: 'resolution-proofing',
    subjectId: '',
    enqueuedAt: 0,
    deadlineAt: deadlineSeconds * 1_000,
  }
  const seconds = Array.from({ length: deadlineSeconds }, (_, second) => second)
  const polls = seconds.map((second) =>
    nextPollSeconds(attempt, { now: () => second * 1_000, random: () => 1 }),
  )
  return Math.max(...polls)
}

const catalog = Object.entries(jobs) as [keyof typeof jobs, Job][]

describe.each(catalog)('%s', (key, job) => {
  test('is named as its key, so that the name finds the file', () => {
    expect(job.name).toBe(key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
  })

  test('may be sealed, by the web or by operators', () => {
    const grants = kmsKey.grants.filter(({ operations, context }) => {
      return operations.includes('GenerateDataKey') && context?.purpose?.includes('payload')
    })

    expect(grants.flatMap(({ context }) => context?.name ?? [])).toContain(job.name)
  })

  test('leaves readable only what any job may', () => {
    expect(job.clear.filter((field) => !readable.includes(field))).toEqual([])
  })

  test('leaves time to work before the worker must be silent, and its outcome for two of the slowest polls', () => {
    expect(job.deadlineSeconds).toBeGreaterThan(silenceBeforeDeadlineSeconds)
    expect(job.outcomeSeconds).toBeGreaterThanOrEqual(2 * slowestPollSeconds(job.deadlineSeconds))
  })

  test('travels through its wire and comes out as it went in, with nothing sealed readable', async () => {
    const payload = samplePayloads[key]
    const sealed = new Map<string, string>()
    const seal = async (_slot: unknown, text: string) =>
      `s${sealed.set(`s${sealed.size}`, text).size - 1}`
    const open = async (_slot: unknown, message: string) => sealed.get(message) ?? ''

    const packed = await packJob(job, payload, { id: 'B'.repeat(43), traceparent: '00-…', seal })
    const stored = JSON.stringify({ ...packed, enqueuedAt: 1, deadlineAt: 2 })

    expect(await unpackJob(job, readWire(JSON.parse(stored)), open)).toEqual(payload)
    for (const [field, value] of Object.entries(payload)) {
      if (!job.clear.includes(field)) {
        for (const text of textsIn(value)) expect(stored).not.toContain(text)
      }
    }
  })
})

test('no two jobs share a name', () => {
  const names = Object.values(jobs).map(({ name }) => name)

  expect(new Set(names).size).toBe(names.length)
})

test('a payload parsed twice is the same: canonical forms stay as they are', () => {
  const once = jobs.addressProofing.payload.parse({
    ...samplePayloads.addressProofing,
    ssn: '900-12-3456',
    phone: '(703) 555-0142',
    zipCode: '220461234',
    stateIdNumber: 'q765-4321',
    firstName: '  Zephyrine ',
  })

  expect(once).toEqual(samplePayloads.addressProofing)
  expect(jobs.addressProofing.payload.parse(once)).toEqual(once)
})

test.each([
  ['ssn', fields.ssn, ['12345678', '1234567890', '12345678a', '']],
  ['zipCode', fields.zipCode, ['1234', '123456', '12345-12', 'ABCDE']],
  ['phone', fields.phone, ['5550142', '1035550142', '+44 20 7946 0018', '703555014a']],
  ['dateOfBirth', fields.dateOfBirth, ['1971-02-29', '1899-12-31', '71-02-28', '1971-13-01']],
  ['stateIdNumber', fields.stateIdNumber, ['', '---', 'A_1', 'A'.repeat(26)]],
  ['personName', fields.personName, ['', '   ', 'a'.repeat(61), 'Ann\u0000e', 'Anne\u202e']],
  ['stateCode', fields.stateCode, ['XX', 'wa', '']],
])('%s refuses what it cannot be', (_name, schema, values) => {
  for (const value of values)
    expect(schema.safeParse(value).success, JSON.stringify(value)).toBe(false)
})

/** Every text long enough to be told apart, however deep it lies. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 1 ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}
