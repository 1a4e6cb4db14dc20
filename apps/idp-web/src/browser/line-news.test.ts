import { describe, expect, test } from 'vitest'
import { isNews, noticeTitle, shownAhead } from './line-news.ts'

const minute = 60_000

describe('what is said aloud', () => {
  test('is the place at first', () => {
    expect(isNews(40, 0, undefined)).toBe(true)
  })

  test('is a change once a minute, not more', () => {
    const last = { at: 0, ahead: 40 }

    expect(isNews(39, minute - 1, last)).toBe(false)
    expect(isNews(39, minute, last)).toBe(true)
  })

  test('is never the same place again', () => {
    expect(isNews(40, 10 * minute, { at: 0, ahead: 40 })).toBe(false)
  })

  test.each([10, 8, 0])(
    'is at once that %d people are left, when it were more than ten',
    (ahead) => {
      expect(isNews(ahead, 1, { at: 0, ahead: 12 })).toBe(true)
    },
  )

  test('is at once that the person is next', () => {
    expect(isNews(0, 1, { at: 0, ahead: 1 })).toBe(true)
  })

  test('is not each step after the tenth', () => {
    expect(isNews(8, 1, { at: 0, ahead: 9 })).toBe(false)
  })
})

test('a place that is shown never rises', () => {
  expect(shownAhead(5, Number.POSITIVE_INFINITY)).toBe(5)
  expect(shownAhead(7, 5)).toBe(5)
  expect(shownAhead(4, 5)).toBe(4)
})

test('the title of the tab tells the place, and that the credential is there', () => {
  expect(noticeTitle('You are in line', 3)).toBe('(3) You are in line')
  expect(noticeTitle('We are making it', undefined)).toBe('We are making it')
  expect(noticeTitle('It is ready', 'ready')).toBe('✓ It is ready')
})
