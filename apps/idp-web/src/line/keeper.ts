import { readQuota } from '@anteroom/job-channel'
import type { Shutdown } from '@anteroom/runtime'
import { randomId } from '../random-id.ts'
import { createAdmission } from './admission.ts'
import { type Figures, writeFigures } from './control.ts'
import { createLineParts, type LineDeps, type LineParts } from './line-deps.ts'
import { countMoves, measurePeople, measureSettled } from './line-metrics.ts'
import type { Moving, Swept } from './line-replies.ts'
import { pauseOf, vendor } from './statistics.ts'

const turnEveryMs = 250
const sweepEveryMs = 1_000
const figuresEveryMs = 2_000
const catchUpEveryMs = 30_000
/** A process that is not heard of for so long keeps the line no more. */
const leaderMs = 3_000
/** Of each kind, in one step: Redis does nothing else meanwhile. */
const mostSwept = 1_000
const mostMoved = 500

/** Keeps the line, one process at a time: calls people, notes who is gone, and tells Postgres. */
export interface Keeper {
  /** One turn; does nothing in a process that does not keep the line. Whatever breaks off is carried on by the next. */
  turn(): Promise<void>
  /** Leaves the line to another process at once. */
  retire(): Promise<void>
}

export function createKeeper(deps: LineDeps): Keeper {
  const parts = createLineParts(deps)
  const { line, now, metrics } = parts
  const process = randomId()
  const admission = createAdmission(parts)
  let figures: Figures | undefined
  const sweep = every(now, sweepEveryMs, async () => {
    figures = await sweepLine(parts)
  })
  const tell = every(now, figuresEveryMs, () => tellFigures(parts, figures))
  const catchUp = every(now, catchUpEveryMs, () => parts.rebuild.catchUp())

  return {
    async turn() {
      const led = await line.lead(process, leaderMs)
      if (!led) return measurePeople(metrics)
      await carryOut(parts, led.moving)
      await sweep()
      await carryOut(parts, await admission.turn(led.unstarted))
      await tell()
      await catchUp()
    },
    retire: () => line.retire(process),
  }
}

/** Runs a keeper for as long as the process runs. */
export function startKeeper(deps: LineDeps, shutdown: Shutdown): void {
  const keeper = createKeeper(deps)
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  async function run(): Promise<void> {
    await keeper.turn().catch(() => deps.log.warn('line.turn-failed'))
    if (!isStopped) timer = setTimeout(start, turnEveryMs).unref()
  }
  let running = Promise.resolve()
  function start(): void {
    running = run()
  }

  start()
  shutdown.add('line-keeper', async () => {
    isStopped = true
    clearTimeout(timer)
    await running
    await keeper.retire()
  })
}

/** Has Postgres do what was decided in Redis, then notes in Redis that it is done. */
async function carryOut(parts: LineParts, moving: readonly Moving[]): Promise<void> {
  const { line, tickets } = parts
  for (let at = 0; at < moving.length; at += mostMoved) {
    const some = moving.slice(at, at + mostMoved)
    const idsOf = (states: string) =>
      some.filter(({ state }) => states.includes(state)).map(({ id }) => id)
    const live = await tickets.move({ call: idsOf('gG'), putBack: idsOf('rR'), lapse: idsOf('x') })
    const settled = await line.settle(
      some.map((ticket) => ({ ...ticket, moved: live.get(ticket.id) })),
    )
    measureSettled(parts, settled)
  }
}

async function sweepLine({ line, redis, now, metrics }: LineParts): Promise<Figures> {
  const isCalling = pauseOf(await readQuota(redis, vendor, now())) === undefined
  let swept: Swept
  do {
    swept = await line.sweep({ most: mostSwept, isCalling })
    countMoves(metrics, 'parked', swept.parkings)
  } while (swept.isMoreLeft)
  measurePeople(metrics, swept)
  return swept
}

async function tellFigures({ db }: LineParts, figures: Figures | undefined): Promise<void> {
  if (figures) await writeFigures(db, figures)
}

/** Does the work unless it was done within this time. */
function every(now: () => number, ms: number, work: () => Promise<void>): () => Promise<void> {
  let doneAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (now() < doneAt + ms) return
    doneAt = now()
    await work()
  }
}
