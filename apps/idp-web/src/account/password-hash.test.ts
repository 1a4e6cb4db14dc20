import { expect, test } from 'vitest'
import { createPasswordHashes } from './password-hash.ts'

const hashes = createPasswordHashes()
const password = 'rain on a tin roof'

test('a hash is Argon2id with 19 MiB and two passes, and another one each time', async () => {
  const [one, other] = await Promise.all([hashes.hash(password), hashes.hash(password)])

  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(other).not.toBe(one)
})

test('a password is right by its hash, however its letters are put together, and another is wrong', async () => {
  const stored = await hashes.hash('caf\u00e9 on a tin roof')

  expect(await hashes.verify(stored, 'cafe\u0301 on a tin roof')).toBe('right')
  expect(await hashes.verify(stored, 'caf\u00e9 on a tin roof ')).toBe('wrong')
  expect(await hashes.verify(stored, '')).toBe('wrong')
})

test('a hash that another program wrote is understood', async () => {
  // By argon2-cffi, with the salt 'sixteen bytes ok'.
  const stored =
    '$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcyBvaw$djHvDumBxf1EXlmH2k+08YyQ0mEwuaSWT9t2Gr0qoL8'

  expect(await hashes.verify(stored, password)).toBe('right')
})

test('a right password whose hash was cheaper than hashes are now is to be hashed anew', async () => {
  const stored = await createPasswordHashes({ memory: 64, passes: 1, lanes: 1 }).hash(password)

  expect(await hashes.verify(stored, password)).toBe('outdated')
  expect(await hashes.verify(stored, 'another')).toBe('wrong')
})

test('nobody’s password is wrong, whatever it is, and takes as long as somebody’s', async () => {
  const stored = await hashes.hash(password)
  const time = async (of: string | null | undefined) => {
    const startedAt = performance.now()
    expect(await hashes.verify(of, 'a guess that is wrong')).toBe('wrong')
    return performance.now() - startedAt
  }

  const times = { known: [] as number[], unknown: [] as number[] }
  for (let round = 0; round < 9; round += 1) {
    times.known.push(await time(stored))
    times.unknown.push(await time(undefined))
  }

  const fastest = (all: number[]) => Math.min(...all)
  const ratio = fastest(times.unknown) / fastest(times.known)
  expect(ratio).toBeGreaterThan(0.5)
  expect(ratio).toBeLessThan(2)
  expect(await hashes.verify(null, '')).toBe('wrong')
})

test('what would wait behind too many others is refused', async () => {
  const hashes = createPasswordHashes({ memory: 64, passes: 1, lanes: 1 })

  const all = await Promise.allSettled(Array.from({ length: 104 }, () => hashes.hash('a password')))

  expect(all.slice(0, 102).every(({ status }) => status === 'fulfilled')).toBe(true)
  expect(all.slice(102)).toMatchObject([
    { reason: { code: 'TOO_MANY_PASSWORDS' } },
    { reason: { code: 'TOO_MANY_PASSWORDS' } },
  ])
})
