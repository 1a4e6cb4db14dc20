import { expect, test } from 'vitest'
import { canonicalAddress, parseAddress } from './address.ts'

test.each([
  ['  Susan.ONeil@Example.TEST ', 'Susan.ONeil@example.test'],
  ['o’neil+tag@mail.example.test', 'o’neil+tag@mail.example.test'],
  ['andré@bücher.example', 'andré@xn--bcher-kva.example'],
  ['andre\u0301@example.test', 'andr\u00e9@example.test'],
])('%s is the address %s', (typed, address) => {
  expect(parseAddress(typed)).toBe(address)
})

test.each([
  '',
  'susan',
  'susan@',
  '@example.test',
  'susan@example',
  'su san@example.test',
  'susan@exam ple.test',
  'susan@example.test\r\nBcc: all@example.test',
  'a@b@example.test',
  'susan..oneil@example.test',
  '"susan"@example.test',
  'Susan <susan@example.test>',
  'susan@example.test,other@example.test',
  `${'x'.repeat(65)}@example.test`,
  `susan@${'x'.repeat(64)}.test`,
  `susan@${'long.'.repeat(60)}test`,
  'susan@-example.test',
])('%j is no address', (typed) => {
  expect(parseAddress(typed)).toBeUndefined()
})

test('an address is found however it was capitalized', () => {
  expect(canonicalAddress('Susan@example.test')).toBe(canonicalAddress('SUSAN@example.test'))
})
