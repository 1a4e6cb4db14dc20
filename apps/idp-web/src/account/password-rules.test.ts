import { describe, expect, test } from 'vitest'
import { commonPasswords } from './common-passwords.ts'
import { normalPassword, passwordLength, passwordProblem } from './password-rules.ts'

const blocklist = new Set(commonPasswords)
const problem = (typed: string, address = 'susan@example.test') =>
  passwordProblem(typed, { address, blocklist })

describe('a password', () => {
  test.each([
    'rain on a tin roof',
    'zzz 3 lemons in a hat',
    'aaaaaaaaaaaaaab',
    '   spaces around   ',
    'пятнадцать букв',
    '雨が降る屋根の上で猫が三匹眠る',
    '🦊🦉🐢🦜🐝🐙🦀🐬🦓🦒🐘🦔🦦🦥🐞',
    'x7'.repeat(4).concat('something else'),
  ])('may be %j', (typed) => {
    expect(problem(typed)).toBeUndefined()
  })

  test('has as many characters as people see, not as many as are stored', () => {
    expect(problem('🦊🦉🐢🦜🐝🐙🦀🐬🦓🦒🐘🦔🦦🦥')).toBe('too-short')
    expect(problem('rain on a roof')).toBe('too-short')
    expect(problem(`rain on a roof ${'🦊🦉'.repeat(56)}.`)).toBeUndefined()
    expect(problem(`rain on a roof ${'🦊🦉'.repeat(56)}..`)).toBe('too-long')
    expect(problem('')).toBe('missing')
  })

  test('is the same however its letters are put together', () => {
    expect(normalPassword('cafe\u0301')).toBe(normalPassword('caf\u00e9'))
    expect(normalPassword('ｒａｉｎ')).toBe('rain')
  })

  test.each([
    'correcthorsebatterystaple',
    'CorrectHorseBatteryStaple',
    'passwordpassword',
    'aaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    '123412341234123412',
    '123456789012345',
    '098765432109876',
    'abcdefghijklmnopqrst',
    'zyxwvutsrqponmlk',
  ])('that is guessed first, such as %s, is refused', (typed) => {
    expect(problem(typed)).toBe('common')
  })

  test('is neither the address nor its name', () => {
    expect(problem('Susan.O.Neil.Smith', 'susan.o.neil.smith@example.test')).toBe('common')
    expect(problem('SUSAN@example.test')).toBe('common')
  })
})

test('every password on the list is long enough to be chosen, and written as it is looked up', () => {
  const useless = commonPasswords.filter(
    (entry) => Array.from(entry).length < passwordLength.min || entry !== entry.toLowerCase(),
  )

  expect(useless).toEqual([])
})
