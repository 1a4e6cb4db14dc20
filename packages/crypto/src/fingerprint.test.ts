import { expect, test } from 'vitest'
import { createFingerprint } from './fingerprint.ts'
import { createKeyring } from './keyring.ts'

const oldKey = { id: 'old', key: new Uint8Array(32).fill(1) }
const newKey = { id: 'new', key: new Uint8Array(32).fill(2) }

test('the same value has the same fingerprint, and another value another', () => {
  const fingerprint = createFingerprint(createKeyring([oldKey]), 'ssn')

  expect(fingerprint.write('900123456')).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(fingerprint.write('900123456')).toBe(fingerprint.write('900123456'))
  expect(fingerprint.write('900123456')).not.toBe(fingerprint.write('900123457'))
})

test('the same value looks different under another label and under another key', () => {
  const fingerprints = [
    createFingerprint(createKeyring([oldKey]), 'ssn'),
    createFingerprint(createKeyring([oldKey]), 'phone'),
    createFingerprint(createKeyring([newKey]), 'ssn'),
  ].map(({ write }) => write('900123456'))

  expect(new Set(fingerprints).size).toBe(3)
})

test('label and value cannot trade characters', () => {
  const keyring = createKeyring([oldKey])

  const one = createFingerprint(keyring, 'ssn').write('1900123456')
  const other = createFingerprint(keyring, 'ssn1').write('900123456')

  expect(one).not.toBe(other)
})

test('after a new key came, the fingerprints written before it are still found', () => {
  const before = createFingerprint(createKeyring([oldKey]), 'ssn')
  const after = createFingerprint(createKeyring([newKey, oldKey]), 'ssn')

  const found = after.read('900123456')

  expect(found).toEqual([after.write('900123456'), before.write('900123456')])
})

test('a fingerprint never changes, because limits in the database hold it', () => {
  const fingerprint = createFingerprint(createKeyring([oldKey]), 'ssn')

  expect(fingerprint.write('900123456')).toBe('3z6aaYiQkdfmkTnhOa7NRz8Eiq1fOSjMhsjL3UW9h6A')
})
