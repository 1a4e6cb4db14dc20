import type { Weather } from '../fault-proxy.ts'
import { type Bed, proxiesOf, setWeather } from '../harness/bed.ts'
import type { Random } from '../harness/random.ts'
import { type Fault, outage } from './fault.ts'
import { strikeBusy } from './processes.ts'

const clear: Weather = { kind: 'clear' }

function everywhere({ workers, webs }: Bed, weather: Weather): Promise<unknown> {
  return Promise.all([...workers, ...webs].map(({ paths }) => setWeather(paths, weather)))
}

function storm(name: string, about: string, weatherOf: (random: Random) => Weather): Fault {
  return {
    name,
    about,
    pauseMs: [4_000, 7_000],
    strike: async (bed, random) => [
      await outage(
        () => everywhere(bed, weatherOf(random)),
        random.between(3_000, 8_000),
        () => everywhere(bed, clear),
      ),
    ],
  }
}

export const latency = storm(
  'net-latency',
  'every network 20 to 200 ms slower each way, with jitter',
  (random) => {
    const ms = random.pick([20, 50, 100, 200])
    return { kind: 'latency', ms, jitterMs: ms / 2 }
  },
)

export const drip = storm('net-drip', 'every network at 20 kB/s a connection', () => ({
  kind: 'drip',
  bytesPerSecond: 20_000,
}))

/** One kind of network of every process at a time: nothing gets through, nothing is closed. */
export const cut: Fault = {
  name: 'net-cut',
  about: 'Postgres, Redis or the proxy cut off from all for 1 to 6 seconds, nothing closed',
  pauseMs: [6_000, 10_000],
  strike: async (bed, random) => {
    const name = random.pick(['postgres', 'redis', 'outbound'] as const)
    const all = (weather: Weather) =>
      Promise.all(
        [...bed.workers, ...bed.webs].map(({ paths }) => paths[name]?.setWeather(weather)),
      )
    return [
      await outage(
        () => all({ kind: 'cut' }),
        random.between(1_000, 6_000),
        () => all(clear),
      ),
    ]
  },
}

export const reset: Fault = {
  name: 'net-reset',
  about: 'every connection of one process, or of all, reset',
  pauseMs: [1_500, 4_000],
  async strike(bed, random) {
    const all = [...bed.workers, ...bed.webs]
    const struck = random.next() < 0.5 ? all : [random.pick(all)]
    const at = Date.now()
    for (const { paths } of struck) for (const proxy of proxiesOf(paths)) proxy.reset()
    return [{ at, healedAt: Date.now(), victim: undefined }]
  },
}

/** Alone on its side of a split: alive, at work, and unable to prove it. */
export const partition: Fault = {
  name: 'partition',
  about: 'one worker cut off from Postgres for 5 to 20 seconds',
  pauseMs: [2_000, 4_000],
  strike: (bed, random) =>
    strikeBusy(bed, random, async ({ process, paths }) => {
      const victim = process.name()
      const struck = await outage(
        () => paths.postgres.setWeather({ kind: 'cut' }),
        random.pick([5_000, 13_000, 20_000]),
        () => paths.postgres.setWeather(clear),
      )
      return [{ ...struck, victim }]
    }),
}
