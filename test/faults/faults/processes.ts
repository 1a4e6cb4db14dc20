import { setTimeout as pause } from 'node:timers/promises'
import type { Bed, Station } from '../harness/bed.ts'
import type { Random } from '../harness/random.ts'
import { blockEventLoop } from './block-event-loop.ts'
import type { Fault, Strike } from './fault.ts'

const patienceMs = 20_000
/** A worker that holds its lease this long takes part in finding the dead. */
const settledInMs = 4_000

export const kill: Fault = {
  name: 'kill',
  about: 'SIGKILL of a worker at random, others are at work',
  share: 30,
  // A killed worker starts anew, and that takes a core for a second: struck faster, they would do nothing else.
  pauseMs: [500, 1_000],
  strike: (bed, random) =>
    strikeBusy(bed, random, async (station) => [strikeOne(station, 'SIGKILL')]),
}

export const killAll: Fault = {
  name: 'kill-all',
  about: 'SIGKILL of every worker at once',
  pauseMs: [8_000, 12_000],
  async strike({ workers }) {
    return workers
      .filter(({ process }) => process.readyMs() > 0)
      .map((station) => strikeOne(station, 'SIGKILL'))
  },
}

export const stop: Fault = {
  name: 'stop',
  about: 'SIGSTOP of a worker for 2 to 20 seconds, then SIGCONT',
  pauseMs: [1_000, 3_000],
  strike: (bed, random) =>
    strikeBusy(bed, random, (station) =>
      stopFor(station, random.pick([2_000, 6_000, 13_000, 20_000])),
    ),
}

export async function stopFor(station: Station, ms: number): Promise<Strike[]> {
  const struck = strikeOne(station, 'SIGSTOP')
  await pause(ms)
  station.process.signal('SIGCONT')
  return [{ ...struck, healedAt: Date.now() }]
}

export const block: Fault = {
  name: 'block',
  about: 'event loop of a worker blocked for 3 to 15 seconds',
  pauseMs: [1_000, 3_000],
  services: { workerArguments: () => ['--inspect-port=127.0.0.1:0'] },
  strike: (bed, random) =>
    strikeBusy(bed, random, async ({ process }) => {
      const victim = process.name()
      const forMs = random.pick([3_000, 9_000, 15_000])
      const at = await blockEventLoop(process, forMs)
      await pause(forMs)
      return [{ at, healedAt: Date.now(), victim }]
    }),
}

export const deploy: Fault = {
  name: 'deploy',
  about: 'SIGTERM of a worker, as in a rolling restart',
  pauseMs: [2_000, 4_000],
  strike: (bed, random) =>
    strikeBusy(bed, random, async (station) => {
      const struck = strikeOne(station, 'SIGTERM')
      await station.process.untilEnded()
      return [{ ...struck, healedAt: Date.now() }]
    }),
}

export const webKill: Fault = {
  name: 'web-kill',
  about: 'SIGKILL of a web at random',
  pauseMs: [2_000, 5_000],
  async strike({ webs }, random) {
    const ready = webs.filter(({ process }) => process.readyMs() > 0)
    if (ready.length === 0) return []
    const { process } = random.pick(ready)
    const at = Date.now()
    process.signal('SIGKILL')
    await process.untilEnded()
    await process.untilReady()
    return [{ at, healedAt: Date.now(), victim: undefined }]
  },
}

/** Strikes a worker that has jobs in hand, while at least one other could find it dead; nobody if there is none for long. */
export async function strikeBusy(
  bed: Bed,
  random: Random,
  strike: (station: Station) => Promise<readonly Strike[]>,
): Promise<readonly Strike[]> {
  const station = await pickBusy(bed, random)
  return station ? strike(station) : []
}

async function pickBusy(bed: Bed, random: Random): Promise<Station | undefined> {
  for (const until = Date.now() + patienceMs; Date.now() < until; ) {
    const busy = await bed.busy().catch(() => new Set<string>())
    const settled = bed.workers.filter(({ process }) => process.readyMs() > settledInMs)
    const found = bed.workers
      .filter(({ process }) => process.readyMs() > 0 && busy.has(process.name()))
      .filter((one) => settled.some((other) => other !== one))
    if (found.length > 0) return random.pick(found)
    await pause(50)
  }
  return undefined
}

export function strikeOne({ process }: Station, signal: NodeJS.Signals): Strike {
  const victim = process.name()
  process.signal(signal)
  return { at: Date.now(), healedAt: undefined, victim }
}
