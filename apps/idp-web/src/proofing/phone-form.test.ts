import { expect, test } from 'vitest'
import { parsePhone } from './phone-form.ts'

test.each(['7035550123', '703-555-0123', '(703) 555 0123', '+1 703.555.0123', '1 703 555 0123'])(
  'a number may be typed as %s',
  (phone) => {
    expect(parsePhone({ phone })).toEqual({ ok: true, phone: '+17035550123' })
  },
)

test('an empty form misses the number', () => {
  expect(parsePhone({})).toEqual({ ok: false, values: { phone: '' }, errors: { phone: 'missing' } })
})

test.each(['703555012', '0035550123', '+44 20 7946 0123', '<b>'])(
  '%s is no U.S. number',
  (phone) => {
    expect(parsePhone({ phone })).toEqual({
      ok: false,
      values: { phone },
      errors: { phone: 'invalid' },
    })
  },
)

test.each([{ phone: ['7035550123', '7035550124'] }, { phone: '7035550123', other: '' }, [], 'x'])(
  '%o is not what our form sends',
  (body) => {
    expect(parsePhone(body)).toEqual({ ok: 'malformed' })
  },
)
