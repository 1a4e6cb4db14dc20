import { readQuota, startedOf, wakePages } from '@anteroom/job-channel'
import type { LineParts } from './line-deps.ts'
import type { Moving } from './line-replies.ts'
import type { Ticket } from './standing.ts'
import { pauseOf, vendor } from './statistics.ts'

/**
 * Called people whose job has not had its turn, which it has shortly before its call, are at most so many seconds of quota:
 * enough to keep the worker busy between two turns of ours, and few enough that hardly anybody leaves meanwhile.
 */
const windowSeconds = 1
/** Whoever is nearer than this and was not heard of lately is woken, so that they are there when it is their turn. */
const nearSeconds = 10
/** In one go; more of those in front who are not heard of are passed over in the next. */
const mostLookedAt = 5_000
const wakeAgainMs = 5_000
/** In a shorter pause the called stay called: their jobs wait in the queue. */
const shortPauseMs = 5_000

export interface Admission {
  /**
   * Calls people from the front, in their order, passing over those who are not there, as long as there is room; or puts
   * the called back, while nobody is to be called. Whoever is called or put back is on the move until the next turn.
   */
  turn(unstarted: readonly Ticket[]): Promise<readonly Moving[]>
}

export function createAdmission({ lineRedis, redis, now }: LineParts): Admission {
  const wokenAt = new Map<number, number>()

  async function wake(asleep: readonly Ticket[]): Promise<void> {
    for (const [number, at] of wokenAt) if (at + wakeAgainMs < now()) wokenAt.delete(number)
    const due = asleep.filter(({ number }) => !wokenAt.has(number))
    for (const { number } of due) wokenAt.set(number, now())
    await wakePages(
      redis,
      due.map(({ id }) => id),
    )
  }

  return {
    async turn(unstarted) {
      const ids = unstarted.map(({ id }) => id)
      const [quota, started] = await Promise.all([
        readQuota(redis, vendor, now()),
        startedOf(redis, vendor, ids),
      ])
      const paused = pauseOf(quota)
      const isLong = quota?.stopped || (quota?.pausedUntil ?? 0) > now() + shortPauseMs
      if (isLong) await lineRedis.recall(unstarted.filter(({ id }) => !started.has(id)))
      const perSecond = quota?.callsPerSecond ?? 0
      const { taken, asleep } = await lineRedis.pick({
        window: paused === undefined ? Math.max(1, Math.floor(perSecond * windowSeconds)) : 0,
        near: paused === undefined ? Math.ceil(perSecond * nearSeconds) : 0,
        most: mostLookedAt,
        started: unstarted.filter(({ id }) => started.has(id)).map(({ number }) => number),
      })
      await wake(asleep)
      return taken.map((ticket) => ({ ...ticket, state: 'g' }))
    },
  }
}
