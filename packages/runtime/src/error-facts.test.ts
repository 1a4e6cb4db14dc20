import { expect, test } from 'vitest'
import { errorFacts } from './error-facts.ts'

test('an error is told by its code, else by its class, and by where it was thrown', () => {
  const coded = Object.assign(new Error('secret'), { code: 'ECONNREFUSED' })

  expect(errorFacts(coded)).toEqual({
    code: 'ECONNREFUSED',
    where: expect.stringMatching(/^error-facts\.test\.ts:\d+:\d+$/),
  })
  expect(errorFacts(new RangeError('secret')).code).toBe('RangeError')
})

test.each([
  ['a code that is a sentence', { code: 'SSN 900123456' }, 'Error'],
  ['a code that is a number', { code: 900123456 }, 'Error'],
  ['a code and a name that are sentences', { code: '', name: 'SSN 900123456' }, 'UNKNOWN'],
])('%s is not passed on', (_what, members, code) => {
  const error = Object.assign(new Error('secret'), members)

  expect(errorFacts(error).code).toBe(code)
})

test('a message that looks like a stack is not taken for one', () => {
  const error = new Error('x\n    at Jane Doe, 900-12-3456\n    at Doe (900123456:1:1)')

  expect(errorFacts(error).where).toMatch(/^error-facts\.test\.ts:/)
})

test.each([undefined, null, '900123456', 900123456, { code: 'X', stack: 'secret' }])(
  'what is thrown without being an error is told as that: %j',
  (thrown) => {
    expect(errorFacts(thrown)).toEqual({ code: 'NOT_AN_ERROR' })
  },
)
