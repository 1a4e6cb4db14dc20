import { setTimeout as wait } from 'node:timers/promises'
import { cpuUs, type Drained } from './meter.ts'

export interface Load {
  readonly count: number
  readonly inFlight: number
}

/** Calls `work` so many times with so many calls open at once, and says how long all of it took. */
export async function inFlight(
  { count, inFlight: open }: Load,
  work: (index: number) => Promise<unknown>,
): Promise<Drained> {
  let next = 0
  const lane = async () => {
    while (next < count) await work(next++)
  }
  const startedAt = performance.now()
  const cpuBefore = cpuUs()
  await Promise.all(Array.from({ length: open }, lane))
  return { seconds: (performance.now() - startedAt) / 1000, cpuUs: cpuUs() - cpuBefore }
}

/** One after the other with a pause between: what a call takes when nothing else goes on. Milliseconds. */
export async function oneByOne(
  count: number,
  work: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const tookMs: number[] = []
  for (let index = 0; index < count; index += 1) {
    const startedAt = performance.now()
    await work(index)
    tookMs.push(performance.now() - startedAt)
    await wait(idlePauseMs)
  }
  return tookMs
}

const idlePauseMs = 10

export interface Rate {
  readonly count: number
  readonly perSecond: number
}

/**
 * An open loop: calls begin when they are due, whether or not earlier ones have ended. Each is timed from when it was
 * due, so that a stall counts for everybody who would have come during it. Milliseconds.
 */
export async function atRate(
  { count, perSecond }: Rate,
  work: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const startedAt = performance.now()
  const open: Promise<number>[] = []
  while (open.length < count) {
    const dueAt = startedAt + (open.length * 1000) / perSecond
    const early = dueAt - performance.now()
    if (early > 0) await wait(early)
    open.push(work(open.length).then(() => performance.now() - dueAt))
  }
  return Promise.all(open)
}
