import { expect, test } from 'vitest'
import { toShown, toToken } from './credential-verdict.ts'

const hourMs = 60 * 60 * 1_000
const now = Date.UTC(2026, 0, 15)

function shownWith(verdict: 'altered' | 'unknown-issuer' | 'unreadable', keysAgeHours: number) {
  return toShown({ checked: { verdict }, keysUpdatedAt: now - keysAgeHours * hourMs, now })
}

test.each([
  ['of this minute', 0, false],
  ['by a clock that is slow', -48, false],
  ['a day old', 24, false],
  ['older than a day', 24.1, true],
  ['a week old', 7 * 24, true],
])('with keys %s what they say counts', (_what, ageHours, areKeysOld) => {
  expect(shownWith('unknown-issuer', ageHours)).toEqual({ verdict: 'unknown-issuer', areKeysOld })
})

test('with keys older than a week nothing is said that hangs on them', () => {
  expect(shownWith('unknown-issuer', 7 * 24 + 0.1).verdict).toBe('keys-too-old')
})

test('what is altered or unreadable is so with any keys', () => {
  expect(shownWith('altered', 1_000).verdict).toBe('altered')
  expect(shownWith('unreadable', 1_000).verdict).toBe('unreadable')
})

test.each([
  ['itself', 'a.b.c', 'a.b.c'],
  ['on several lines', ' a.\r\n b.c\n', 'a.b.c'],
  ['at the end of a link', 'https://id.example.test/v#a.b.c', 'a.b.c'],
  ['as the fragment of this page', '#a.b.c', 'a.b.c'],
  ['in nothing', '', ''],
])('a token is found %s', (_where, text, token) => {
  expect(toToken(text)).toBe(token)
})
