import { expect, test } from 'vitest'
import { maskPhone } from './phone-mask.ts'

test.each(['7035550123', '(703) 555-0123', '+1 703 555 0123', '1.703.555.0123'])(
  '%s becomes readable',
  (typed) => {
    expect(maskPhone(typed)).toBe('703-555-0123')
  },
)

test.each(['', '703555', '+44 20 7946 0123', 'none'])('"%s" stays as it is', (typed) => {
  expect(maskPhone(typed)).toBe(typed)
})
