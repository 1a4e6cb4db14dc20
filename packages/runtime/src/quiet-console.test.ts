import { expect, test } from 'vitest'
import { createLog } from './log.ts'
import { quietConsole } from './quiet-console.ts'

test('what a library writes to the console is not repeated, only that it wrote', () => {
  const lines: string[] = []
  const noop = (..._anything: unknown[]): void => undefined
  const fake = { debug: noop, error: noop, info: noop, log: noop, trace: noop, warn: noop }
  const output = { write: (line: string) => lines.push(line) }

  quietConsole(fake, createLog({ service: 'test', level: 'debug', output }))
  fake.trace(new Error('a name, a number'))

  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('console.written')
  expect(lines[0]).not.toContain('a name')
})
