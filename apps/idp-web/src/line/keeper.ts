import { readQuota } from '@anteroom/job-channel'
import { errorFacts, type Log, type Shutdown } from '@anteroom/runtime'
import { randomId } from '../random-id.ts'
import { createAdmission } from './admission.ts'
import { writeFigures } from './control.ts'
import type { LineParts } from './line-deps.ts'
import { countMoves, measurePeople, measureSettled } from './line-metrics.ts'
import type { Moving, Swept } from './line-replies.ts'
import { pauseOf, vendor } from './statistics.ts'

const turnEveryMs = 250
const sweepEveryMs = 1_000
const figuresEveryMs = 2_000
const reconcileEveryMs = 30_000
const complainEveryMs = 10_000
/** A process that is not heard of for so long keeps the line no more. */
const leaderMs = 3_000
/** Of each kind, in one step: Redis does nothing else meanwhile, and nobody is called before it is done. */
const mostSwept = 1_000
const mostMoved = 500

/** Keeps the line, one process at a time: calls people, notes who is gone, and tells Postgres. */
export interface Keeper {
  /** One turn; does nothing in a process that does not keep the line. Whatever breaks off is carried on by the next. */
  turn(): Promise<void>
  /** Leaves the line to another process at once. */
  retire(): Promise<void>
}

export function createKeeper(parts: LineParts): Keeper {
  const { lineRedis, now, metrics } = parts
  const process = randomId()
  const admission = createAdmission(parts)
  const teller = createTeller(parts)
  let swept: Swept | undefined

  async function sweep(): Promise<void> {
    swept = await sweepLine(parts)
  }
  const sweepInTime = every(now, sweepEveryMs, sweep)
  const tell = every(now, figuresEveryMs, async () => {
    if (swept) await teller.tell(swept)
  })
  const reconcile = every(now, reconcileEveryMs, async () => {
    await parts.rebuild.catchUp()
    await lineRedis.recallOverdue(mostSwept)
  })

  return {
    async turn() {
      const led = await lineRedis.lead(process, { ms: leaderMs, mostLapsing: mostMoved })
      if (!led) {
        teller.forget()
        return measurePeople(metrics)
      }
      await carryOut(parts, led.moving)
      await (swept?.isMoreLeft ? sweep() : sweepInTime())
      await carryOut(parts, await admission.turn(led.unstarted))
      await tell()
      await reconcile()
    },
    retire: () => lineRedis.retire(process),
  }
}

/** Runs a keeper for as long as the process runs. */
export function startKeeper(keeper: Keeper, log: Log, shutdown: Shutdown): void {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let complainedAt = Number.NEGATIVE_INFINITY

  function complain(error: unknown): void {
    if (performance.now() < complainedAt + complainEveryMs) return
    complainedAt = performance.now()
    log.warn('line.turn-failed', errorFacts(error))
  }
  async function run(): Promise<void> {
    await keeper.turn().catch(complain)
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
  const { lineRedis, tickets } = parts
  for (let at = 0; at < moving.length; at += mostMoved) {
    const some = moving.slice(at, at + mostMoved)
    const idsOf = (states: string) =>
      some.filter(({ state }) => states.includes(state)).map(({ id }) => id)
    const live = await tickets.move({ call: idsOf('gG'), putBack: idsOf('rR'), lapse: idsOf('x') })
    const settled = await lineRedis.settle(
      some.map((ticket) => ({ ...ticket, moved: live.get(ticket.id) })),
    )
    measureSettled(parts, settled)
  }
}

async function sweepLine({ lineRedis, redis, now, metrics }: LineParts): Promise<Swept> {
  const isCalling = pauseOf(await readQuota(redis, vendor, now())) === undefined
  const swept = await lineRedis.sweep({ most: mostSwept, isCalling })
  countMoves(metrics, 'parked', swept.parkings)
  measurePeople(metrics, swept)
  return swept
}

/** Tells the operators how the line is; once, if nobody is there. */
function createTeller({ db, statistics }: LineParts) {
  let knowsEmpty = false
  return {
    async tell(swept: Swept): Promise<void> {
      const isEmpty = swept.waiting + swept.parked + swept.called === 0
      if (isEmpty && knowsEmpty) return
      const { flow, wait } = await statistics()
      await writeFigures(db, { ...swept, wait: wait(flow.waiting) })
      knowsEmpty = isEmpty
    },
    /** Another process may have told something else meanwhile. */
    forget(): void {
      knowsEmpty = false
    },
  }
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
