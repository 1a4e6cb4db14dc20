import { expect, test } from 'vitest'
import { suggestedName } from './suggested-name.ts'

const long = 16_384

test.each([
  ['spaces before the name', `attachment;${' '.repeat(long)}filename="late.pdf"`],
  ['a name without an end', `attachment; filename="${'\\'.repeat(long)}`],
  ['names that begin and do not end', ';filename*=UTF-8'.repeat(long / 16)],
  ['a very long name', `attachment; filename="${'x'.repeat(long)}.pdf"`],
])('of a header with %s only the first 4096 letters are looked at', (_what, disposition) => {
  expect(suggestedName(disposition, '/files/permit.pdf')).toBe('permit.pdf')
})
