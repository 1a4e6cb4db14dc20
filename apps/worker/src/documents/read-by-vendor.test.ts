import { expect, test } from 'vitest'
import { isFixture } from './read-by-vendor.ts'

test.each([
  ['YAML', 'document:\n  first_name: José\n', true],
  ['any other text', 'This is no photo.', true],
  ['a text with a null byte', 'document:\0', false],
  ['a text with an escape', 'document: \u001b[2J', false],
  ['a text that is too long', '#'.repeat(16 * 1024 + 1), false],
])('%s may be a fixture: %s', (_what, text, isOne) => {
  expect(isFixture(Buffer.from(text))).toBe(isOne)
})

test('a photo is no fixture', () => {
  const start = Buffer.from('ffd8ffe000104a46494600', 'hex')

  expect(isFixture(Buffer.concat([start, Buffer.alloc(500, 0xc3)]))).toBe(false)
})
