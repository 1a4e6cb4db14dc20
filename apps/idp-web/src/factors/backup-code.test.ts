import { expect, test } from 'vitest'
import { newBackupCode, readBackupCode } from './backup-code.ts'

test('a new code is read as itself', () => {
  const codes = Array.from({ length: 100 }, newBackupCode)

  expect(codes.map(readBackupCode)).toEqual(codes)
  expect(new Set(codes).size).toBe(100)
  expect(codes.every((code) => /^([0-9A-HJKMNP-TV-Z]{4}-?){4}$/.test(code))).toBe(true)
})

test.each([
  '7KQ2-M9XD-4T0B-WZ81',
  '7kq2m9xd4t0bwz81',
  ' 7KQ2 M9XD 4TOB WZ8I ',
  '7KQ2–M9XD–4ToB–WZ8l',
])('“%s” is one and the same code', (typed) => {
  expect(readBackupCode(typed)).toBe('7KQ2-M9XD-4T0B-WZ81')
})

test.each(['', '7KQ2-M9XD-4T0B', '7KQ2-M9XD-4T0B-WZ8U', '7KQ2-M9XD-4T0B-WZ81-0'])(
  '“%s” is none',
  (typed) => {
    expect(readBackupCode(typed)).toBeUndefined()
  },
)
