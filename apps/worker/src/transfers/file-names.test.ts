import { expect, test } from 'vitest'
import { cut, safeFileName } from './file-names.ts'

const long = 16_384

test.each([
  ['letters', 'x'.repeat(long)],
  ['spaces between letters', `a${' '.repeat(long)}b`],
  ['dots between letters', `a${'.'.repeat(long)}b`],
  ['letters of four bytes', '🗎'.repeat(long)],
  ['folders', 'x/'.repeat(long)],
  ['marks on one letter', `a${'\u0301'.repeat(long)}.pdf`],
])('of a very long name of %s a few hundred are looked at', (_what, name) => {
  const looked = cut(name)
  const made = safeFileName(name, 'fallback.pdf')

  expect(looked.length).toBeLessThanOrEqual(300)
  expect(Buffer.byteLength(made)).toBeLessThanOrEqual(200)
})

test('a very long name keeps its short extension, and its last part alone', () => {
  const made = safeFileName(`folder/${'x'.repeat(long)}.pdf`, 'fallback.pdf')

  expect(made).toBe(`${'x'.repeat(196)}.pdf`)
})
