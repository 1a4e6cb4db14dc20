import { expect, test } from 'vitest'
import { receiverSchema } from './receiver.ts'

test.each([
  'http://library.example/events',
  'https://user@library.example/events',
  'https://user:word@library.example/events',
  'https://library.example/events#part',
  'https://library.example/events#',
  'ftp://library.example/events',
  'library.example/events',
  'https://',
])('a receiver at %s is refused', (url) => {
  expect(receiverSchema.safeParse({ url }).success).toBe(false)
})

test('a receiver takes tokens of Login.gov’s profile, and no addresses, unless it says otherwise', () => {
  expect(receiverSchema.parse({ url: 'https://library.example/events' })).toEqual({
    url: 'https://library.example/events',
    profile: 'login-gov',
    email_events: false,
    per_minute: 1_000,
    timeout_ms: 3_000,
  })
})
