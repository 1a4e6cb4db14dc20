import type { Fault } from './fault.ts'
import { outage } from './fault.ts'

const postgresRestart = (how: 'fast' | 'immediate'): Fault => ({
  name: `postgres-${how}`,
  about: `Postgres restarted (${how})`,
  pauseMs: [8_000, 14_000],
  strike: async ({ postgres }) => [
    await outage(
      () => postgres.stop(how),
      0,
      () => postgres.start(),
    ),
  ],
})

export const postgresFast = postgresRestart('fast')
export const postgresImmediate = postgresRestart('immediate')

export const postgresDown: Fault = {
  name: 'postgres-down',
  about: 'Postgres down for 4 to 12 seconds, while jobs complete',
  pauseMs: [12_000, 16_000],
  strike: async ({ postgres }, random) => [
    await outage(
      () => postgres.stop(random.pick(['fast', 'immediate'])),
      random.between(4_000, 12_000),
      () => postgres.start(),
    ),
  ],
}

export const redisFlush: Fault = {
  name: 'redis-flush',
  about: 'Redis forgets everything (FLUSHALL)',
  pauseMs: [5_000, 9_000],
  strike: async ({ outcomes }) => [
    await outage(
      () => outcomes.flush(),
      0,
      () => undefined,
    ),
  ],
}

export const redisRestart: Fault = {
  name: 'redis-restart',
  about: 'Redis down for up to 4 seconds, and empty when it is back',
  pauseMs: [8_000, 12_000],
  strike: async ({ redis }, random) => [
    await outage(
      () => redis.stop(),
      random.between(0, 4_000),
      () => redis.start(),
    ),
  ],
}
