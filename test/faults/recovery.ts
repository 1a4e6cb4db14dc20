import type { History, Injection, LedgerEvent } from './history.ts'

/** Milliseconds from each fault to its recovery, by fault. */
export type Recoveries = ReadonlyMap<string, readonly number[]>

/**
 * For a worker that died or stood still: from that moment until another has claimed each job it had. For everything
 * else: from the moment the harness had put it right to the first submission that was acknowledged and the first job
 * that was started, whichever came later.
 */
export function recoveriesOf(history: History): Recoveries {
  const found: [fault: string, ms: number][] = [
    ...takeovers(history),
    ...history.injections.flatMap((injection) => returns(history, injection)),
  ]
  const byFault = Map.groupBy(found, ([fault]) => fault)
  return new Map([...byFault].map(([fault, pairs]) => [fault, pairs.map(([, ms]) => ms)]))
}

function takeovers({ ledger, injections }: History): [string, number][] {
  const byVictim = Map.groupBy(injections, ({ victim }) => victim ?? '')
  return [...Map.groupBy(ledger, ({ jobId }) => jobId).values()].flatMap((events) =>
    handOvers(events).flatMap(([before, after]): [string, number][] => {
      const struck = byVictim.get(before.worker)?.findLast(({ at }) => at <= after.at)
      // What was committed on behalf of a process that was dead by then began its wait at that commit.
      return struck ? [[struck.fault, after.at - Math.max(struck.at, before.at)]] : []
    }),
  )
}

/** Where a job went from one life to another before it was settled: the last event of the one, the first of the other. */
function handOvers(events: readonly LedgerEvent[]): [before: LedgerEvent, after: LedgerEvent][] {
  const inOrder = events.toSorted((one, other) => one.at - other.at)
  return inOrder.flatMap((after, index): [LedgerEvent, LedgerEvent][] => {
    const before = inOrder[index - 1]
    const isOpen = before?.state === 'claimed' || before?.state === 'running'
    return before && isOpen && before.worker !== after.worker ? [[before, after]] : []
  })
}

function returns(
  { visits, ledger }: History,
  { fault, healedAt, victim }: Injection,
): [string, number][] {
  if (healedAt === undefined || victim !== undefined) return []
  const acknowledged = firstAfter(
    healedAt,
    visits.map((visit) => visit.acknowledgedAt),
  )
  const started = firstAfter(
    healedAt,
    ledger.filter(({ state }) => state === 'running').map(({ at }) => at),
  )
  const back = Math.max(acknowledged, started)
  return Number.isFinite(back) ? [[fault, back - healedAt]] : []
}

function firstAfter(moment: number, times: readonly (number | undefined)[]): number {
  return times.reduce<number>(
    (first, at = 0) => (at >= moment && at < first ? at : first),
    Number.POSITIVE_INFINITY,
  )
}
