import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineJob } from './define-job.ts'
import { type JobSlot, packJob, readWire, unpackJob, type WireError } from './wire.ts'

const job = defineJob({
  name: 'greet',
  payload: z.object({ room: z.string(), name: z.string().trim(), title: z.string().optional() }),
  clear: ['room'],
  result: z.null(),
  outcomeSeconds: 60,
  deadlineSeconds: 60,
  retry: { attempts: 1 },
})

const id = 'i'.repeat(43)

/** Stands in for the sealing of packages/crypto, which this package must not know. */
const seal = async (slot: JobSlot, text: string) =>
  Buffer.from(`${slot.name}|${slot.id}|${text}`).toString('base64url')
const open = async (slot: JobSlot, message: string) =>
  Buffer.from(message, 'base64url').toString().replace(`${slot.name}|${slot.id}|`, '')

const pack = (payload: { room: string; name: string }) =>
  packJob(job, payload, { id, traceparent: 'trace', seal })
const stamp = (packed: object) => ({ ...packed, enqueuedAt: 1, deadlineAt: 60_001 })

test('only the fields that are listed stay readable, everything else is sealed', async () => {
  const packed = await pack({ room: 'anteroom', name: ' Ada ' })

  expect(packed.clear).toEqual({ room: 'anteroom' })
  expect(await open({ name: 'greet', id }, packed.sealed)).toBe('{"name":"Ada"}')
})

test('a wire that was packed is read and unpacked', async () => {
  const wire = readWire(stamp(await pack({ room: 'anteroom', name: 'Ada' })))

  expect(await unpackJob(job, wire, open)).toEqual({ room: 'anteroom', name: 'Ada' })
})

test.each([
  ['nothing', undefined],
  ['an empty object', {}],
  [
    'another version',
    {
      v: 2,
      id,
      job: 'greet',
      traceparent: '',
      enqueuedAt: 1,
      deadlineAt: 2,
      clear: {},
      sealed: '',
    },
  ],
  [
    'a short id',
    {
      v: 1,
      id: 'i',
      job: 'greet',
      traceparent: '',
      enqueuedAt: 1,
      deadlineAt: 2,
      clear: {},
      sealed: '',
    },
  ],
  [
    'a time that no database knows',
    {
      v: 1,
      id,
      job: 'greet',
      traceparent: '',
      enqueuedAt: 1,
      deadlineAt: 1e300,
      clear: {},
      sealed: '',
    },
  ],
  ['no times', { v: 1, id, job: 'greet', traceparent: '', clear: {}, sealed: '' }],
])('a row with %s is unreadable', (_what, raw) => {
  expect(() => readWire(raw)).toThrow(expect.objectContaining({ code: 'WIRE_UNREADABLE' }))
})

test.each(['', 'no JSON', '[]', '{"name":7}', '{}'])(
  'an opened text that is not the payload is refused without being quoted: %j',
  async (text) => {
    const wire = readWire(stamp({ ...(await pack({ room: 'r', name: 'n' })), sealed: 'x' }))

    const error: WireError = await unpackJob(job, wire, async () => text).then(
      () => expect.unreachable(),
      (thrown) => thrown,
    )

    expect(error.code).toBe('PAYLOAD_UNREADABLE')
    expect(error.cause).toBeUndefined()
  },
)

test.each([
  ['sealed, though it is readable', { room: 'r' }, { room: 'another', name: 'n' }],
  ['sealed in place of what is readable', {}, { room: 'r', name: 'n' }],
  ['readable, though it must be sealed', { room: 'r', name: 'another' }, { name: 'n' }],
  ['readable, where nothing was sealed', { room: 'r', title: 'Dr' }, { name: 'n' }],
  ['readable and unknown', { room: 'r', floor: 1 }, { name: 'n' }],
])('a row in which a field is %s is refused', async (_what, clear, hidden) => {
  const wire = readWire(stamp({ ...(await pack({ room: 'r', name: 'n' })), clear }))

  const unpacked = unpackJob(job, wire, async () => JSON.stringify(hidden))

  await expect(unpacked).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' })
})

test('a field that is readable and bound cannot be changed', async () => {
  const bound = { ...job, bound: ['room'] } as const
  const packed = await packJob(bound, { room: 'r', name: 'n' }, { id, traceparent: 'trace', seal })
  const unpack = (changes: object) =>
    unpackJob(bound, readWire(stamp({ ...packed, ...changes })), open)

  expect(await unpack({})).toEqual({ room: 'r', name: 'n' })
  for (const clear of [{ room: 'another' }, {}]) {
    await expect(unpack({ clear })).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' })
  }
})
