import { expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const date = 'Mon, 23 Nov 2026 10:00:00 GMT'

test.each([
  ['5', 5_000],
  ['0', 1_000],
  ['1', 1_000],
  ['3600', 3_600_000],
  ['999999999', 3_600_000],
  ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2026 09:00:00 GMT', 1_000],
  ['Tue, 24 Nov 2026 10:00:00 GMT', 3_600_000],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['2026-11-23T10:00:30Z', undefined],
  ['Mon, 23 Nov 2026 10:00:30 PST', undefined],
  ['Xyz, 99 Foo 2026 99:00:30 GMT', undefined],
])('Retry-After %j is %s ms', (after, ms) => {
  expect(retryAfterMs({ 'retry-after': after, date })).toBe(ms)
})

test('a vendor that does not say what time it is is believed to have ours', () => {
  const after = new Date(Date.now() + 60_000).toUTCString()

  const ms = retryAfterMs({ 'retry-after': after })

  expect(ms).toBeGreaterThan(57_000)
  expect(ms).toBeLessThanOrEqual(60_000)
})
