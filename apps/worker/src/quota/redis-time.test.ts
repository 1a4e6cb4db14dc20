import { expect, test } from 'vitest'
import { createRedisTime } from './redis-time.ts'

/** A clock of ours, and Redis's, which is ahead by this much. */
function clocks(aheadMs: number) {
  let ours = 1_000
  let ahead = aheadMs
  const time = createRedisTime(() => ours)
  return {
    time,
    pass: (ms: number) => {
      ours += ms
    },
    set: (ms: number) => {
      ahead = ms
    },
    redis: () => ours + ahead,
    /** A question that takes this long to Redis, and this long back. */
    ask(toMs: number, backMs: number) {
      const sentAt = ours
      ours += toMs
      const redisMs = ours + ahead
      ours += backMs
      time.learn(redisMs, sentAt)
    },
  }
}

test('nobody is early, and who may be late is taken for late, however the ways to Redis differ', () => {
  const { time, ask, redis, pass } = clocks(500_000)

  for (let round = 0; round < 1_000; round += 1) {
    ask(Math.random() * 20, Math.random() * 20)
    pass(Math.random() * 100)
    const at = redis() + 50
    expect(time.untilMs(at)).toBeGreaterThanOrEqual(50 - 1e-6)
    expect(time.lateMs(at)).toBeGreaterThanOrEqual(-50 - 1e-6)
  }
})

test('of many answers the quickest ones tell', () => {
  const { time, ask, redis } = clocks(500_000)

  ask(90, 0)
  ask(0, 80)
  ask(300, 300)

  expect(time.untilMs(redis())).toBeCloseTo(0)
  expect(time.lateMs(redis())).toBeCloseTo(0)
})

test('what was learnt long ago is forgotten', () => {
  const { time, ask, redis, pass } = clocks(0)

  ask(0, 0)
  pass(5_001)
  ask(40, 40)
  pass(5_001)
  ask(40, 40)

  expect(time.untilMs(redis())).toBeCloseTo(40)
  expect(time.lateMs(redis())).toBeCloseTo(40)
})

test.each([-60_000, 60_000])('a Redis whose clock was set by %i ms is believed at once', (byMs) => {
  const { time, ask, redis, set } = clocks(0)
  ask(1, 1)

  set(byMs)
  ask(2, 2)

  expect(time.untilMs(redis())).toBeCloseTo(2)
  expect(time.lateMs(redis())).toBeCloseTo(2)
})
