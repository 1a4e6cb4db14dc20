import { expect, test } from 'vitest'
import { canUsePasskeys } from './passkey-ceremony.ts'

test.each([
  ['https://id.example.test', true],
  ['http://localhost:3000', true],
  ['http://127.0.0.1:3000', false],
  ['https://10.0.0.1', false],
  ['https://[::1]:3000', false],
  ['https://7.example.test', true],
])('at %s passkeys can be used: %s', (publicUrl, can) => {
  expect(canUsePasskeys({ publicUrl })).toBe(can)
})
