import { expect, test } from 'vitest'
import { createLog } from './log.ts'
import { createShutdown, type ShutdownOptions } from './shutdown.ts'

function recordedShutdown(options?: ShutdownOptions) {
  const lines: Record<string, unknown>[] = []
  const output = { write: (line: string) => lines.push(JSON.parse(line)) }
  const shutdown = createShutdown(createLog({ service: 'web', level: 'info', output }), options)
  return {
    shutdown,
    lines,
    events: () => lines.map(({ msg, step }) => [msg, step].join(' ').trim()),
  }
}

const hanging = () => new Promise<void>(() => {})

test('steps are stopped last first, each after the one before, and logged by name', async () => {
  const { shutdown, events } = recordedShutdown()
  const stopped: string[] = []
  const stop = (name: string, ms: number) => async () => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    stopped.push(name)
  }
  shutdown.add('pool', stop('pool', 0))
  shutdown.add('redis', stop('redis', 5))
  shutdown.add('server', stop('server', 20))

  await shutdown.run()

  expect(stopped).toEqual(['server', 'redis', 'pool'])
  expect(events()).toEqual([
    'shutdown.started',
    'shutdown.step-done server',
    'shutdown.step-done redis',
    'shutdown.step-done pool',
    'shutdown.done',
  ])
})

test('a second run is the first run', async () => {
  const { shutdown } = recordedShutdown()
  let count = 0
  shutdown.add('pool', () => {
    count += 1
  })

  await Promise.all([shutdown.run(), shutdown.run()])
  await shutdown.run()

  expect(count).toBe(1)
})

test('a step that fails, at once or later, does not keep the others from stopping', async () => {
  const { shutdown, lines, events } = recordedShutdown()
  let stopped = false
  shutdown.add('pool', () => {
    stopped = true
  })
  shutdown.add('redis', () => {
    throw new TypeError('hunter2')
  })
  shutdown.add('server', () =>
    Promise.reject(Object.assign(new Error('hunter2'), { code: 'EPIPE' })),
  )

  await shutdown.run()

  expect(stopped).toBe(true)
  expect(events()).toContain('shutdown.step-failed redis')
  expect(lines.map(({ code }) => code).filter(Boolean)).toEqual(['EPIPE', 'TypeError'])
  expect(JSON.stringify(lines)).not.toContain('hunter2')
})

test('a step that hangs is left behind at its deadline', async () => {
  const { shutdown, lines } = recordedShutdown({ stepMs: 30 })
  let stopped = false
  shutdown.add('pool', () => {
    stopped = true
  })
  shutdown.add('server', hanging)

  await shutdown.run()

  expect(stopped).toBe(true)
  expect(lines[1]).toMatchObject({
    msg: 'shutdown.step-failed',
    step: 'server',
    code: 'DEADLINE_PASSED',
  })
})

test('all steps together have a deadline, after which the rest is skipped', async () => {
  const { shutdown, events } = recordedShutdown({ stepMs: 1000, totalMs: 50 })
  shutdown.add('pool', hanging)
  shutdown.add('redis', hanging)
  shutdown.add('server', hanging)
  const startedAt = performance.now()

  await shutdown.run()

  expect(performance.now() - startedAt).toBeLessThan(500)
  expect(events().slice(1, -1)).toEqual([
    'shutdown.step-failed server',
    'shutdown.step-skipped redis',
    'shutdown.step-skipped pool',
  ])
})

test('what is added while everything stops, or after, is stopped too', async () => {
  const { shutdown } = recordedShutdown()
  const stopped: string[] = []
  shutdown.add('server', async () => {
    shutdown.add('late', () => {
      stopped.push('late')
    })
  })

  await shutdown.run()
  shutdown.add('too late', () => {
    stopped.push('too late')
  })
  await new Promise((resolve) => setTimeout(resolve, 5))

  expect(stopped).toEqual(['late', 'too late'])
})
