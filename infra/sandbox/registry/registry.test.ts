import { expect, test } from 'vitest'
import { createRegistry } from './registry.ts'
import { createSlidingWindow } from './sliding-window.ts'

test('of no stretch as long as the window more is taken than the quota, wherever it begins', () => {
  const window = createSlidingWindow()
  const quota = { calls: 3, windowMs: 100 }
  const taken: number[] = []

  let at = 0
  for (let step = 0; step < 5_000; step += 1) {
    at += Math.random() * 40
    if (window.take(at, quota) === 0) taken.push(at)
  }

  const closest = taken.slice(3).map((time, index) => time - (taken[index] ?? 0))
  expect(Math.min(...closest)).toBeGreaterThanOrEqual(100)
  expect(taken.length).toBeGreaterThan(at / 50)
})

test('who comes when they were told to is taken, and what was refused did not count', () => {
  let now = 1_000
  const registry = createRegistry({ calls: 2, windowMs: 1_000 }, () => now)

  const told = [registry.arrive('a'), registry.arrive('b'), registry.arrive('c')]
  now += 1_000 * (told[2] ?? 0)
  const later = [registry.arrive('c'), registry.arrive('d'), registry.arrive('e')]

  expect(told).toEqual([undefined, undefined, 1])
  expect(later).toEqual([undefined, undefined, 1])
  expect(registry.arrivals().map(({ taken }) => taken)).toEqual([
    true,
    true,
    false,
    true,
    true,
    false,
  ])
})

test('a quota that is lowered counts what was taken before', () => {
  let now = 0
  const registry = createRegistry({ calls: 10, windowMs: 10_000 }, () => now)
  for (const key of 'abcdef') registry.arrive(key)

  registry.change({ calls: 3 })
  now = 4_000
  const told = registry.arrive('g')

  expect(told).toBe(6)
})
