import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const codes = {
  insufficientPrivilege: '42501',
  invalidParameter: '22023',
  notNull: '23502',
  unique: '23505',
  check: '23514',
} as const

/** The code with which Postgres refuses it, or `taken`. */
async function answerTo(
  role: 'web' | 'ops',
  { text, values }: { readonly text: string; readonly values: readonly unknown[] },
): Promise<string> {
  try {
    await database.pool(role).query(text, [...values])
    return 'taken'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  }
}

const newId = () => randomBytes(32).toString('base64url')

function rider(job: string, clear: object, id: string | undefined = newId()): object {
  const wire = { v: 1, id, job, traceparent: '', clear, sealed: 's' }
  return { wire, deadlineSeconds: 60 }
}

const pausing = (id?: string) => rider('quota-control', { vendor: 'registry', paused: true }, id)
const revoking = (numbers: readonly string[], id?: string) =>
  rider('credential-revocations', { numbers }, id)
const withoutId = { wire: { v: 1, job: 'quota-control', clear: { vendor: 'registry' } } }

const lineMode = (mode: string, actor: string | null = 'ada') => ({
  text: 'select ops.set_line_mode($1, $2)',
  values: [actor, mode],
})
const lineMessage = (message: string) => ({
  text: 'select ops.set_line_message($1, $2)',
  values: ['ada', message],
})
const quota = (order: object) => ({
  text: 'select ops.order_quota($1, $2)',
  values: ['ada', JSON.stringify(order)],
})
const revocation = (order: object, reason: string | null = 'lost') => ({
  text: 'select ops.revoke_credentials($1, $2, $3)',
  values: ['ada', JSON.stringify(order), reason],
})
const enqueueing = (...orders: readonly object[]) => ({
  text: 'select * from channel.enqueue($1)',
  values: [JSON.stringify(orders)],
})

test('what operators do is written down as what it was, in the words of the command that does it', async () => {
  const rate = { vendor: 'registry', revision: 9, calls: 5, windowSeconds: 1, note: 'x' }
  const going = { vendor: 'registry', paused: false }

  const answers = []
  for (const order of [
    lineMode('drained'),
    lineMode('open'),
    lineMessage('Back at 3'),
    quota(rider('quota-control', rate)),
    quota(pausing()),
    quota(rider('quota-control', going)),
    revocation(revoking(['K7Q2'])),
  ]) {
    answers.push(await answerTo('ops', order))
  }

  const { rows } = await database
    .pool('ops')
    .query<{ command: string; arguments: object }>(
      'select command, arguments from ops.audit order by id',
    )
  expect(new Set(answers)).toEqual(new Set(['taken']))
  expect(rows).toEqual([
    { command: 'line drain', arguments: { mode: 'drained' } },
    { command: 'line open', arguments: { mode: 'open' } },
    { command: 'line message', arguments: { message: 'Back at 3' } },
    { command: 'line rate', arguments: { vendor: 'registry', calls: 5, windowSeconds: 1 } },
    { command: 'line pause', arguments: { vendor: 'registry', paused: true } },
    { command: 'line resume', arguments: { vendor: 'registry', paused: false } },
    { command: 'credential revoke', arguments: { numbers: ['K7Q2'], reason: 'lost' } },
  ])
})

test('a thousand of the longest numbers are revoked at once', async () => {
  const numbers = Array.from({ length: 1_000 }, () => 'A'.repeat(24))

  expect(await answerTo('ops', revocation(revoking(numbers)))).toBe('taken')
})

describe('operators cannot order', () => {
  const both = { vendor: 'registry', paused: true, calls: 1, windowSeconds: 1 }

  test.each([
    ['another job as a quota', quota(rider('credential-issuance', {})), codes.invalidParameter],
    ['another job as a revocation', revocation(rider('report-again', {})), codes.invalidParameter],
    ['nothing at all', quota({}), codes.invalidParameter],
    ['a job without an id', quota(withoutId), codes.invalidParameter],
    ['a job with a short id', quota(pausing('short')), codes.invalidParameter],
    [
      'a job with an id that is two lines',
      quota(pausing(`${'i'.repeat(42)}\n`)),
      codes.invalidParameter,
    ],
    [
      'a quota that changes nothing',
      quota(rider('quota-control', { vendor: 'registry' })),
      codes.notNull,
    ],
    ['a quota that is two commands', quota(rider('quota-control', both)), codes.notNull],
    ['a revocation for any other reason', revocation(revoking(['K7Q2']), 'anger'), codes.check],
    ['a revocation for no reason', revocation(revoking(['K7Q2']), null), codes.check],
    ['a revocation that turns the text', revocation(revoking(['turned \u202e'])), codes.check],
    ['a revocation without end', revocation(revoking(['x'.repeat(40_000)])), codes.check],
    ['namelessly', lineMode('drained', ''), codes.check],
    ['without a name', lineMode('drained', null), codes.notNull],
    ['an unknown mode', lineMode('off'), codes.check],
    ['a message without end', lineMessage('x'.repeat(301)), codes.check],
    ['a message that turns the text', lineMessage('turned \u202e'), codes.check],
    ['a message of two lines', lineMessage('two\nlines'), codes.check],
    ['a message that clears the terminal', lineMessage('\u001b[2J'), codes.check],
  ])('%s', async (_what, order, code) => {
    expect(await answerTo('ops', order)).toBe(code)
  })

  test.each([
    [
      'a worker has started',
      `insert into worker.ledger (job_id, job, state, attempt, starts, token, enqueued_at, deadline_at)
       values ($1, 'resolution-proofing', 'done', 1, 1, 1, now(), now())`,
    ],
    [
      'is in the queue',
      `select graphile_worker.add_job('resolution-proofing', '{}', job_key := $1)`,
    ],
  ])('by a job that %s, as it would be written down and not done', async (_what, before) => {
    const id = newId()
    await database.pool('admin').query(before, [id])

    const answers = [
      await answerTo('ops', quota(pausing(id))),
      await answerTo('ops', revocation(revoking([], id))),
    ]

    expect(answers).toEqual([codes.unique, codes.unique])
  })
})

describe('what only operators order', () => {
  test.each([
    ['a quota', pausing()],
    ['a revocation', revoking(['K7Q2-4821-9930'])],
    ['a revocation of nobody knows what', rider('credential-revocations', {})],
  ])('the web cannot enqueue, among its own: %s', async (_what, order) => {
    const among = enqueueing(rider('resolution-proofing', {}), order)

    expect(await answerTo('web', among)).toBe(codes.insufficientPrivilege)
  })

  test('is not the list of revoked credentials: the web may ask for it', async () => {
    expect(await answerTo('web', enqueueing(revoking([])))).toBe('taken')
  })
})

test('a line is plain exactly if no character is a control, a format, a line break or private', async () => {
  const points = Array.from({ length: 0x10ffff }, (_, index) => index + 1)
  const those = (pattern: RegExp) =>
    points.filter((point) => pattern.test(String.fromCodePoint(point)))
  const hidden = those(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u)
  const shown = those(/[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/u)

  const { rows } = await database
    .pool('admin')
    .query<{ point: number }>(
      'select point from unnest($1::integer[]) as point where web.is_plain_line(chr(point))',
      [[...hidden, ...shown]],
    )

  const plain = new Set(rows.map(({ point }) => point))
  expect(hidden.filter((point) => plain.has(point))).toEqual([])
  expect(shown.filter((point) => !plain.has(point))).toEqual([])
})
