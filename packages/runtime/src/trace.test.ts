import { expect, test } from 'vitest'
import { childTraceparent, isTraceparent, newTraceparent, traceIdOf } from './trace.ts'

// The example of W3C Trace Context, §3.2.3.
const example = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

test('a new traceparent is well formed, sampled and like no other', () => {
  const made = Array.from({ length: 1000 }, newTraceparent)

  expect(made.every(isTraceparent)).toBe(true)
  expect(made.every((each) => each.endsWith('-01'))).toBe(true)
  expect(new Set(made.map(traceIdOf)).size).toBe(1000)
})

test('a child keeps the trace and has its own id', () => {
  const child = childTraceparent(example)

  expect(isTraceparent(child)).toBe(true)
  expect(traceIdOf(child)).toBe('4bf92f3577b34da6a3ce929d0e0e4736')
  expect(child.slice(36, 52)).not.toBe('00f067aa0ba902b7')
})

test.each([
  ['00', '00'],
  ['01', '01'],
  ['03', '01'],
  ['fe', '00'],
  ['ff', '01'],
])('of the flags %s a child passes on the sampled bit alone', (flags, passedOn) => {
  const child = childTraceparent(example.replace(/01$/, flags))

  expect(child.slice(-2)).toBe(passedOn)
})

const unusable: readonly unknown[] = [
  '',
  ' ',
  undefined,
  null,
  7,
  [example],
  example.toUpperCase(),
  example.slice(0, -1),
  `${example}-`,
  `${example}\n`,
  ` ${example}`,
  example.replace('00-', '01-'),
  example.replace('00-', 'ff-'),
  example.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
  example.replace('00f067aa0ba902b7', '0'.repeat(16)),
  example.replace('4bf9', 'ghij'),
  example.replaceAll('-', '_'),
]

test.each(unusable)('%j is no traceparent', (value) => {
  expect(isTraceparent(value)).toBe(false)
})

test('a parent that is no traceparent starts a new trace and has no trace id', () => {
  const child = childTraceparent('<script>')

  expect(isTraceparent(child)).toBe(true)
  expect(traceIdOf('<script>')).toBe('0'.repeat(32))
})
