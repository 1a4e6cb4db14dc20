import type { Metrics } from '@anteroom/runtime'
import type { LineParts } from './line-deps.ts'
import type { Settled, Swept } from './line-replies.ts'
import type { EndedTicket } from './ticket-endings.ts'

/** What is measured of the line. */

export type Move = Settled['what'] | 'joined' | 'moved' | 'returned' | 'left' | 'issued' | 'failed'

export function countMoves(metrics: Metrics, move: Move, by = 1): void {
  if (by > 0) metrics.increment('line_moves_total', { move }, by)
}

/** What Redis was told of, and how long those waited who were called for the first time. */
export function measureSettled(
  { metrics, now }: Pick<LineParts, 'metrics' | 'now'>,
  settled: readonly Settled[],
): void {
  for (const { what, joinedAt, estimateSeconds } of settled) {
    countMoves(metrics, what)
    if (what !== 'called' || joinedAt === 0) continue
    const seconds = (now() - joinedAt) / 1000
    metrics.observe('line_wait_seconds', {}, seconds)
    if (estimateSeconds === 0) continue
    metrics.observe('line_estimate_error_ratio', {}, seconds / estimateSeconds)
  }
}

/** Each ticket once, however often its ending is reported. */
export function countEnded(metrics: Metrics, ended: readonly EndedTicket[]): void {
  for (const { state, isFirst } of ended) {
    if (isFirst) countMoves(metrics, state === 'done' ? 'issued' : 'failed')
  }
}

const nobody = { waiting: 0, called: 0, parked: 0 }

/** Who does not keep the line knows nobody: so the processes can be added up. */
export function measurePeople(
  metrics: Metrics,
  people: Pick<Swept, keyof typeof nobody> = nobody,
): void {
  for (const state of ['waiting', 'called', 'parked'] as const) {
    metrics.set('line_people', { state }, people[state])
  }
}
