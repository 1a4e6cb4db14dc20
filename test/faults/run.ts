import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from './faults/fault.ts'
import { readRecords } from './harness/audit.ts'
import type { Bed } from './harness/bed.ts'
import { startCrowd } from './harness/crowd.ts'
import type { Random } from './harness/random.ts'
import type { History, Injection, VendorCall, Visit } from './history.ts'

export interface RunOptions {
  readonly faults: readonly Fault[]
  /** The longest time for all faults together, divided by their shares. */
  readonly totalMs: number
  /** From the last answer to the look at what is left. An outcome may lie in Redis for 60 seconds: before that it is no residue. */
  readonly residueAfterMs: number
  /** Goes on to the next fault while people of the last one still wait. Saves time, and blurs which fault was whose. */
  readonly overlap?: boolean
  readonly perSecond: number
  readonly random: Random
  readonly signal: AbortSignal
  readonly tell: (text: string) => void
}

const outcomeMs = 60_000
const warmUpMs = 2_000
const hungAfterMs = 90_000

/** Tries one fault after the other on the same bed, and writes down everything that happened. */
export async function run(bed: Bed, options: RunOptions): Promise<History> {
  const visits: Promise<Visit[]>[] = []
  const injections: Injection[] = []
  for (const fault of options.faults) {
    if (options.signal.aborted) break
    options.tell(`${fault.name}: ${fault.about}`)
    const phase = await tryFault(bed, fault, options)
    visits.push(phase.visits)
    injections.push(...phase.injections)
    if (options.overlap !== true) await phase.visits
  }
  const seen = (await Promise.all(visits)).flat()
  options.tell('waiting for what must be gone by then')
  await pause(options.residueAfterMs)
  const { left, ...records } = await readRecords(bed.stack.adminUrl)
  const images = await bed.images.submissionsLeft()
  await bed.images.sweep()
  return {
    ...records,
    visits: seen,
    injections,
    calls: bed.stack.vendors.calls().map(toVendorCall),
    outcomes: [...bed.outcomes.seen.values()],
    left: {
      ...left,
      images,
      imagesAfterSweep: await bed.images.submissionsLeft(),
      outcomeKeys: options.residueAfterMs > outcomeMs ? await bed.outcomes.keysLeft() : [],
    },
  }
}

interface Phase {
  readonly visits: Promise<Visit[]>
  readonly injections: readonly Injection[]
}

async function tryFault(bed: Bed, fault: Fault, options: RunOptions): Promise<Phase> {
  const { perSecond, random, signal, tell } = options
  const phaseMs = (options.totalMs * shareOf(fault)) / sumOf(options.faults)
  const { strikes: enough = Number.POSITIVE_INFINITY } = fault
  await bed.arrange(fault.services ?? {})
  const crowd = startCrowd(bed, {
    fault: fault.name,
    mix: fault.mix ?? 'usual',
    perSecond,
    random,
  })
  const injections: Injection[] = []
  const until = Date.now() + phaseMs
  await sleep(Math.min(warmUpMs, phaseMs / 4), signal)
  while (Date.now() < until && injections.length < enough && !signal.aborted) {
    if (!fault.strike) {
      await sleep(until - Date.now(), signal)
      injections.push({ fault: fault.name, at: until, healedAt: undefined, victim: undefined })
      break
    }
    const strikes = await Promise.race([fault.strike(bed, random), pause(hungAfterMs, undefined)])
    if (!strikes) {
      tell(`${fault.name}: a strike hangs; it is over with this fault`)
      break
    }
    injections.push(...strikes.map((strike) => ({ ...strike, fault: fault.name })))
    await sleep(random.between(...fault.pauseMs), signal)
  }
  await bed.heal()
  tell(`${fault.name}: ${injections.length} strikes, ${crowd.present()} people still inside`)
  return { visits: crowd.finish(), injections }
}

const shareOf = ({ share = 1 }: Fault): number => share
const sumOf = (faults: readonly Fault[]): number =>
  faults.reduce((sum, fault) => sum + shareOf(fault), 0)

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(Math.max(0, ms), undefined, { signal }).catch(() => undefined)
}

function toVendorCall(call: ReturnType<Bed['stack']['vendors']['calls']>[number]): VendorCall {
  const { vendor, key, count, billed, person, transaction, lastAt } = call
  return { vendor, key, requests: count, billed, person, transaction, lastAt: Date.parse(lastAt) }
}
