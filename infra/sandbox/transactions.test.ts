import { expect, test } from 'vitest'
import { createTransactions } from './transactions.ts'

const first = {
  vendor: 'resolution',
  idempotencyKey: 'key',
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  payload: { ssn: '900123456' },
  billed: true,
  takesMs: 1_000,
} as const

test('a repetition gets the same transaction, and what is left of its time', () => {
  let now = 0
  const transactions = createTransactions(() => now)
  const one = transactions.open(first)

  now = 400
  const two = transactions.open(first)
  now = 5_000
  const three = transactions.open(first)

  expect([one.waitMs, two.waitMs, three.waitMs]).toEqual([1_000, 600, 0])
  expect(new Set([one.id, two.id, three.id]).size).toBe(1)
  expect(transactions.calls()).toMatchObject([
    {
      count: 3,
      billed: 1,
      traceparent: first.traceparent,
      firstAt: '1970-01-01T00:00:00.000Z',
      lastAt: '1970-01-01T00:00:05.000Z',
    },
  ])
})

test('a key that comes with another payload is refused and counted no further', () => {
  const transactions = createTransactions()
  transactions.open(first)

  const again = () => transactions.open({ ...first, payload: { ssn: '900123457' } })

  expect(again).toThrow(expect.objectContaining({ status: 409 }))
  expect(transactions.calls()).toMatchObject([{ count: 1 }])
})

test('nothing personal is remembered', () => {
  const transactions = createTransactions()

  transactions.open(first)

  expect(JSON.stringify(transactions.calls())).not.toContain('900123456')
})

test('what is asked about one person is told apart from what is asked about another', () => {
  const transactions = createTransactions()
  const maria = { first_name: 'Maria', last_name: 'Okafor', date_of_birth: '1986-04-12' }
  transactions.open({ ...first, payload: maria })
  transactions.open({ ...first, vendor: 'state-id', payload: { ...maria, ssn: '900123456' } })
  transactions.open({ ...first, idempotencyKey: 'other', payload: { ...maria, first_name: 'Ana' } })

  const people = transactions.calls().map(({ person }) => person)

  expect(people[1]).toBe(people[0])
  expect(people[0]).toBe(transactions.personHash(maria))
  expect(people[2]).not.toBe(people[0])
})
