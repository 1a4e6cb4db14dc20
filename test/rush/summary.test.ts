import { expect, test } from 'vitest'
import type { Absence, History, PersonRecord } from './history.ts'
import { summarise } from './summary.ts'

const start = 1_000_000
const second = 1_000
const facts = { quota: 2, windowMs: second }

interface Visitor {
  readonly number: number
  /** Seconds after the start. */
  readonly calledAt: number
  readonly arrivedAt?: number
  /** When they were heard of. */
  readonly heardAt?: readonly number[]
  readonly absences?: readonly Absence[]
}

/** What is left of a rush in which these people joined at the start, one after the other. */
function historyOf(visitors: readonly Visitor[]): History {
  const changes = visitors.flatMap(({ number, calledAt }) => {
    const ticket = { id: `t${number}`, number, credentialId: `c${number}`, holder: `h${number}` }
    return [
      { ...ticket, at: start, state: 'waiting' },
      { ...ticket, at: start + calledAt * second, state: 'called' },
    ]
  })
  return {
    people: visitors.map(personOf),
    changes: changes.toSorted((one, other) => one.at - other.at),
    calls: visitors.map(({ number, calledAt, arrivedAt = calledAt }) => ({
      at: start + arrivedAt * second,
      key: `c${number}`,
      taken: true,
    })),
    present: [],
  }
}

function personOf({ number, heardAt = [], absences = [] }: Visitor): PersonRecord {
  return {
    holder: `h${number}`,
    joinedAt: start,
    told: { at: start, wait: { low: 5, likely: 10, high: 20 }, atOnce: true },
    signs: heardAt.flatMap((at) => [start + at * second, start + at * second + 5]),
    absences: [...absences],
    ending: 'issued',
    troubles: 0,
  }
}

test('a crowd that is served in order, each in time, breaks nothing', () => {
  const history = historyOf([
    { number: 1, calledAt: 10, heardAt: [8] },
    { number: 2, calledAt: 10.5, heardAt: [9] },
    { number: 3, calledAt: 11.1, heardAt: [10] },
  ])

  const summary = summarise(history, facts)

  expect(summary.broken).toEqual([])
  expect(summary.order).toMatchObject({ calls: 3, unheard: 0 })
})

test('who was just heard of and sees a later number called was overtaken', () => {
  const history = historyOf([
    { number: 1, calledAt: 20, heardAt: [8.5] },
    { number: 2, calledAt: 10, heardAt: [9] },
  ])

  const { order, broken } = summarise(history, facts)

  expect(order.inversions).toEqual([{ number: 1, calledBefore: 2, at: start + 10 * second }])
  expect(broken).toHaveLength(1)
})

test('who was not heard of in time is passed over, and counted as such', () => {
  const history = historyOf([
    { number: 1, calledAt: 12, heardAt: [6, 11] },
    { number: 2, calledAt: 10, heardAt: [9] },
  ])

  const { order } = summarise(history, facts)

  expect(order).toMatchObject({ inversions: [], unheard: 1, longestUnheardMs: 2 * second })
})

test('who was away is not overtaken', () => {
  const away = { from: start + 9 * second, how: 'silent', until: start + 15 * second } as const
  const history = historyOf([
    { number: 1, calledAt: 20, heardAt: [8.5, 19], absences: [away] },
    { number: 2, calledAt: 10, heardAt: [9] },
  ])

  const { order } = summarise(history, facts)

  expect(order).toMatchObject({ inversions: [], unheard: 0 })
})

test('one call too many in any second, wherever it begins, is noticed', () => {
  const history = historyOf([
    { number: 1, calledAt: 10, arrivedAt: 10.6 },
    { number: 2, calledAt: 10, arrivedAt: 11.1 },
    { number: 3, calledAt: 10, arrivedAt: 11.5 },
  ])

  const { quota, broken } = summarise(history, facts)

  expect(quota.mostInWindow).toBe(3)
  expect(broken).toHaveLength(1)
})

test('a call for somebody who has gone counts, and whether they had said so', () => {
  const history = historyOf([
    { number: 1, calledAt: 10, absences: [{ from: start + 8 * second, how: 'silent' }] },
    { number: 2, calledAt: 11, absences: [{ from: start + 2 * second, how: 'button' }] },
    { number: 3, calledAt: 12 },
  ])

  const { quota, broken } = summarise(history, facts)

  expect(quota).toMatchObject({ forGone: 2, forGoneWhoSaid: 1, longestGoneMs: 9 * second })
  expect(broken).toHaveLength(1)
})

test('an estimate is held against the moment of the call', () => {
  const history = historyOf([
    { number: 1, calledAt: 12 },
    { number: 2, calledAt: 24 },
  ])

  const { estimates } = summarise(history, facts)

  expect(estimates).toMatchObject({ people: 2, bias: 8, meanError: 8, coverage: 0.5 })
})
