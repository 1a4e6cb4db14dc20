import { expect, test } from 'vitest'
import { daysOf, momentsOf } from './days.ts'

const days = { firstDay: '2026-11-23', lastDay: '2028-11-22' }
const { nbf, exp } = momentsOf(days)
const at = (time: string) => Date.parse(time) / 1000

test('the first day counts from when it begins in the east, the last until it is over in the west', () => {
  expect(nbf).toBe(at('2026-11-23T00:00:00+14:00'))
  expect(exp).toBe(at('2028-11-23T00:00:00-12:00'))
})

test('the days are read back as they were given', () => {
  const iat = at('2026-11-23T23:59:59Z')

  expect(daysOf({ iat, nbf, exp })).toEqual({ issued: '2026-11-23', ...days })
})
