import type { WireJob } from '@anteroom/job-contracts'
import { createLog, createMetrics } from '@anteroom/runtime'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Admitted } from '../admission.ts'
import { createShares, type Shares } from './shares.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

const newShares = (places = 8): Shares =>
  createShares({
    places,
    random: () => 0,
    log: createLog({ service: 'worker', level: 'error', output: { write: () => undefined } }),
    metrics: createMetrics('worker'),
  })

const wire = (consumer: string, destination: string, deadLetter?: 'never'): WireJob => ({
  ...{ v: 1, id: 'i', job: 'document-transfer', traceparent: '', enqueuedAt: 0, deadlineAt: 0 },
  clear: { consumer, destination, deadLetter },
  sealed: '',
})

const ask = (shares: Shares, consumer: string, destination: string): Promise<Admitted> =>
  shares.admit(wire(consumer, destination))

/** How many of twenty find a place. */
async function admitted(shares: Shares, consumer: string, destination: string): Promise<number> {
  let found = 0
  for (let each = 0; each < 20; each += 1) {
    if ('leave' in (await ask(shares, consumer, destination))) found += 1
  }
  return found
}

const court = { consumer: 'permits', destination: 'court' }

/** Tries of three transfers that do not reach it. */
function missThrice(shares: Shares): void {
  for (let each = 0; each < 3; each += 1) shares.heard(court, false)
}

test('a consumer alone gets half of the places, and the next finds one, also at the same destination', async () => {
  const shares = newShares()

  expect(await admitted(shares, 'permits', 'court')).toBe(4)
  expect(await admitted(shares, 'trees', 'court')).toBe(2)
  expect(await admitted(shares, 'roads', 'court')).toBe(1)
})

test('however many consumers there are, the last place is for a credential', async () => {
  const shares = newShares()
  const bulk = ['permits', 'trees', 'roads', 'parks', 'pools']

  const found: number[] = []
  for (const consumer of bulk) found.push(await admitted(shares, consumer, `of ${consumer}`))
  const credential = await shares.admit(wire('permits', 'of permits', 'never'))
  const another = await shares.admit(wire('pools', 'of pools', 'never'))

  expect(found).toEqual([4, 2, 1, 0, 0])
  expect([credential, another].map((it) => 'leave' in it)).toEqual([true, false])
})

test('what was let in only to hear of a rest does not begin when that ends before it asks', async () => {
  const shares = newShares()
  missThrice(shares)
  const placeless = await ask(shares, 'permits', 'court')
  vi.advanceTimersByTime(15_000)

  const toldMs = shares.restsForMs(court, 'i')
  if ('leave' in placeless) placeless.leave()
  const admittedNow = await ask(shares, 'permits', 'court')

  expect(toldMs).toBeGreaterThan(0)
  expect('leave' in admittedNow).toBe(true)
  expect(shares.restsForMs(court, 'i')).toBeUndefined()
})

test('where there is one place, it is anybody’s', async () => {
  expect(await admitted(newShares(1), 'permits', 'court')).toBe(1)
})

test('a place that is given back is given again', async () => {
  const shares = newShares(1)
  const first = await ask(shares, 'permits', 'court')

  const second = await ask(shares, 'trees', 'clerk')
  if ('leave' in first) first.leave()
  const third = await ask(shares, 'trees', 'clerk')

  expect([second, third].map((it) => 'leave' in it)).toEqual([false, true])
})

test('who finds no place comes again when one may be free, one after the other, and not too late', async () => {
  const shares = newShares(2)
  const first = await ask(shares, 'permits', 'court')
  vi.advanceTimersByTime(3_000)
  if ('leave' in first) first.leave()
  await ask(shares, 'permits', 'court')

  const told: unknown[] = []
  for (let each = 0; each < 10; each += 1) told.push(await ask(shares, 'permits', 'court'))

  const waits = [3, 6, 9, 12, 15, 18, 10, 10, 10, 10].map((seconds) => seconds * 1_000)
  expect(told).toEqual(waits.map((askAgainMs) => ({ askAgainMs })))
})

test('a destination rests when three tries in a row did not reach it, and no other does', async () => {
  const shares = newShares()

  shares.heard(court, false)
  shares.heard(court, false)
  shares.heard(court, true)
  shares.heard(court, false)
  shares.heard(court, false)
  const before = shares.restsForMs(court, 'i')
  shares.heard(court, false)

  expect(before).toBeUndefined()
  expect(shares.restsForMs(court, 'i')).toBe(15_000)
  expect(shares.restsForMs({ ...court, destination: 'clerk' }, 'i')).toBeUndefined()
})

test('transfers to a destination that rests take no place, however many there are', async () => {
  const shares = newShares()
  missThrice(shares)

  expect(await admitted(shares, 'permits', 'court')).toBe(20)
  expect(await admitted(shares, 'permits', 'clerk')).toBe(4)
})

test('after a rest a single transfer tries; if it arrives, all go on', async () => {
  const shares = newShares()
  missThrice(shares)
  vi.advanceTimersByTime(15_000)

  const during = await admitted(shares, 'permits', 'court')
  shares.heard(court, true)

  expect(during).toBe(1)
  expect(await admitted(shares, 'permits', 'court')).toBe(3)
})

test('if it does not arrive, the next rest is twice as long, up to two minutes', () => {
  const shares = newShares()
  missThrice(shares)

  const rests = Array.from({ length: 5 }, () => {
    const restMs = shares.restsForMs(court, 'i') ?? 0
    vi.advanceTimersByTime(restMs)
    shares.heard(court, false)
    return restMs / 1_000
  })

  expect(rests).toEqual([15, 30, 60, 120, 120])
})

test('a consumer whose files a destination fails over keeps no other from it', async () => {
  const shares = newShares()
  missThrice(shares)

  expect(shares.restsForMs({ ...court, consumer: 'trees' }, 'i')).toBeUndefined()
  expect(await admitted(shares, 'trees', 'court')).toBe(4)
})

test('what ends while it rests makes the rest no longer', () => {
  const shares = newShares()
  missThrice(shares)

  missThrice(shares)

  expect(shares.restsForMs(court, 'i')).toBe(15_000)
})
