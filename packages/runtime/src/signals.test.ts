import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../test-data/signalled.ts', import.meta.url))

/** Runs a process like a service's; on its first line sends the signals. */
async function run(ending: string, signals: readonly NodeJS.Signals[] = []) {
  const child = spawn(process.execPath, [program, ending])
  const lines: Record<string, unknown>[] = []
  const errors: string[] = []
  child.stderr.on('data', (data) => errors.push(String(data)))
  createInterface(child.stdout).on('line', (line) => {
    lines.push(JSON.parse(line))
    if (lines.length === 1) for (const signal of signals) child.kill(signal)
  })
  const [exitCode] = await once(child, 'close')
  return { exitCode, lines, events: lines.map(({ msg }) => msg), errors: errors.join('') }
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s stops everything and exits with 0',
  async (signal) => {
    const { exitCode, events, lines } = await run('', [signal])

    expect(exitCode).toBe(0)
    expect(lines[1]).toMatchObject({ msg: 'process.signal', signal })
    expect(events.slice(2)).toEqual(['shutdown.started', 'shutdown.step-done', 'shutdown.done'])
  },
)

test('a second signal changes nothing', async () => {
  const { exitCode, events } = await run('', ['SIGINT', 'SIGTERM'])

  expect(exitCode).toBe(0)
  expect(events.filter((event) => event === 'shutdown.started')).toHaveLength(1)
})

test('an error that nobody caught is logged by class and place, and exits with 1', async () => {
  const { exitCode, lines, events, errors } = await run('throw')

  expect(exitCode).toBe(1)
  expect(lines[1]).toMatchObject({
    level: 'error',
    msg: 'process.uncaught',
    reason: 'uncaughtException',
    code: 'TypeError',
    where: expect.stringMatching(/^signalled\.ts:\d+:\d+$/),
  })
  expect(events.at(-1)).toBe('shutdown.done')
  expect(JSON.stringify(lines) + errors).not.toContain('hunter2')
})

test('a rejection that nobody handled is logged by code and exits with 1', async () => {
  const { exitCode, lines, errors } = await run('reject')

  expect(exitCode).toBe(1)
  expect(lines[1]).toMatchObject({ reason: 'unhandledRejection', code: 'EX_PII' })
  expect(JSON.stringify(lines) + errors).not.toContain('hunter2')
})

test('an error while stopping turns the exit code to 1', async () => {
  const { exitCode, events } = await run('throw-while-stopping', ['SIGTERM'])

  expect(exitCode).toBe(1)
  expect(events.at(-1)).toBe('shutdown.done')
})
