import type { Weather } from '../fault-proxy.ts'
import type { Station } from '../harness/bed.ts'
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

export const s3Outage: Fault = {
  name: 's3-outage',
  about: 'S3 gone, or silent, for workers or for all, for 2 to 8 seconds',
  mix: 'documents',
  pauseMs: [5_000, 8_000],
  strike: async ({ workers, webs }, random) => {
    const from = random.pick([workers, [...workers, ...webs]])
    const kind = random.pick(['refuse', 'cut'] as const)
    return [await s3Away(from, kind, random.between(2_000, 8_000))]
  },
}

/**
 * Away from webs, S3 takes no photos: browsers send them by the address that a web gives out. Away from workers, what was
 * sent can be neither read nor removed.
 */
export function s3Away(from: readonly Station[], kind: 'refuse' | 'cut', forMs: number) {
  const all = (weather: Weather) =>
    Promise.all(from.map(({ paths }) => paths.s3.setWeather(weather)))
  return outage(
    () => all({ kind }),
    forMs,
    () => all({ kind: 'clear' }),
  )
}
