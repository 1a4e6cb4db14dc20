import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createLog, type LogOptions } from './log.ts'
import { logFieldTypes } from './log-fields.ts'

function recordedLog(options: Partial<LogOptions> = {}) {
  const lines: string[] = []
  const output = { write: (line: string) => lines.push(line) }
  const log = createLog({ service: 'worker', level: 'debug', output, ...options })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') }
}

test('a line has level, time, service, event and fields, and nothing else', () => {
  const { log, lines, last } = recordedLog()

  log.info('job.done', { jobId: 'a', attempt: 2, durationMs: 0.5 })

  expect(last()).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    service: 'worker',
    jobId: 'a',
    attempt: 2,
    durationMs: 0.5,
    msg: 'job.done',
  })
  expect(lines).toHaveLength(1)
})

test.each(['debug', 'info', 'warn', 'error'] as const)('%s writes at its level', (level) => {
  const { log, last } = recordedLog()

  log[level]('job.done')

  expect(last().level).toBe(level)
})

test('what is below the level is not written', () => {
  const { log, lines } = recordedLog({ level: 'warn' })

  log.debug('job.done')
  log.info('job.done')
  log.warn('job.done')

  expect(lines).toHaveLength(1)
})

test('fields that are not listed are dropped, whatever the compiler was told', () => {
  const { log, last } = recordedLog()
  const passed: object = {
    jobId: 'a',
    ssn: '900123456',
    payload: { ssn: '900123456' },
    level: 'fatal',
    service: 'other',
    __proto__: { attempt: 1 },
    constructor: 'x',
  }

  log.info('job.done', passed)

  const { time, ...line } = last()
  expect(line).toEqual({ level: 'info', service: 'worker', jobId: 'a', msg: 'job.done' })
})

test('a listed field with a value of another type is dropped', () => {
  const { log, lines, last } = recordedLog()
  const passed: object = {
    jobId: { ssn: '900123456' },
    attempt: '900123456',
    code: 900123456,
    reason: ['900123456'],
    durationMs: Number.NaN,
    count: undefined,
    vendor: { toString: () => '900123456', toJSON: () => '900123456' },
  }

  log.info('job.done', passed)

  expect(Object.keys(last())).toEqual(['level', 'time', 'service', 'msg'])
  expect(lines.join()).not.toContain('900123456')
})

test('an error, a request or a job row cannot be logged by mistake', () => {
  const { log, lines } = recordedLog()
  const error: object = new Error('900123456')
  const row: object = { payload: '900123456', last_error: '900123456' }

  log.error('job.failed', error)
  log.error('job.failed', row)

  expect(lines.join()).not.toContain('900123456')
})

test('a value cannot forge a line, a field or an escape sequence of a terminal', () => {
  const { log, lines, last } = recordedLog()
  const forged = '"}\r\n{"level":"info","msg":"job.done"}\u001b[2J\u009b2J\u2028\u2029\u202e\u0000'

  log.info('http.request', { route: forged })

  expect(lines).toHaveLength(1)
  expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(Object.keys(last())).toEqual(['level', 'time', 'service', 'route', 'msg'])
  expect(last().msg).toBe('http.request')
})

test('an event that is not a name from the code is not written', () => {
  const { log, lines, last } = recordedLog()

  log.info('Jane Doe. 900-12-3456')
  log.info('%s.%j', { reason: 'x' })

  expect(last().msg).toBe('log.bad-event')
  expect(lines.join()).not.toMatch(/Jane|%s/)
})

test('a text is cut at 200 characters, and a character cut in half is still valid JSON', () => {
  const { log, last } = recordedLog()

  log.info('job.done', { reason: `${'x'.repeat(199)}🔒${'y'.repeat(10_000)}` })

  expect(last().reason).toHaveLength(200)
})

test('with a file every line is written there too, after those of the run before', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'anteroom-log-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'log', 'production.log')
  const { log, lines } = recordedLog({ file })
  const later = recordedLog({ file })

  log.debug('job.started')
  later.log.info('job.done')

  expect(await readFile(file, 'utf8')).toBe([...lines, ...later.lines].join(''))
})

test('a file that cannot be opened stops the start', () => {
  expect(() => recordedLog({ file: '/dev/null/production.log' })).toThrow()
})

test('a full disk does not stop the service', async () => {
  const { log, lines } = recordedLog({ file: '/dev/full' })

  log.info('job.done')
  await new Promise((resolve) => setTimeout(resolve, 20))
  log.info('job.done')

  expect(lines).toHaveLength(2)
})

test('a field that is not listed, of another type, or an object does not compile', () => {
  const { log } = recordedLog()

  // @ts-expect-error an unlisted field
  log.info('job.done', { ssn: '900123456' })
  // @ts-expect-error a number for a text
  log.info('job.done', { jobId: 1 })
  // @ts-expect-error an object for a text
  log.info('job.done', { reason: new Error('x') })
  // @ts-expect-error an event without a subject
  log.info('done')

  expect(Object.values(logFieldTypes).every((type) => ['string', 'number'].includes(type))).toBe(
    true,
  )
})
