import { checkEstimates, type Estimates } from './check/estimates.ts'
import { checkOrder, type Order } from './check/order.ts'
import { checkQuota, type QuotaUse } from './check/quota.ts'
import type { Ending, History } from './history.ts'

export interface Summary {
  readonly joined: number
  readonly leftOnce: number
  readonly cameBack: number
  readonly endings: Readonly<Partial<Record<Ending, number>>>
  /** Requests that were refused or failed. */
  readonly troubles: number
  readonly order: Order
  readonly quota: QuotaUse
  readonly estimates: Estimates
  /** Promises that were broken, in words. */
  readonly broken: readonly string[]
}

/** Of the calls, at most so many may be for people who are gone. */
const goneAtMost = 0.01

export function summarise(
  history: History,
  facts: { readonly quota: number; readonly windowMs: number },
): Summary {
  const { people } = history
  const order = checkOrder(history)
  const quota = checkQuota({ ...history, ...facts })
  const away = people.filter(({ absences }) => absences.length > 0)
  return {
    joined: people.filter(({ joinedAt }) => joinedAt !== undefined).length,
    leftOnce: away.length,
    cameBack: away.filter(({ absences }) => absences.at(-1)?.until !== undefined).length,
    endings: countEndings(history),
    troubles: people.reduce((sum, { troubles }) => sum + troubles, 0),
    order,
    quota,
    estimates: checkEstimates(history),
    broken: [
      ...(order.inversions.length > 0
        ? [`${order.inversions.length} people were there and saw a later number called`]
        : []),
      ...(quota.mostInWindow > facts.quota
        ? [`${quota.mostInWindow} calls reached the registry in one window`]
        : []),
      ...(quota.goneShare >= goneAtMost
        ? [`${quota.forGone} of ${quota.calls} calls were for people who were gone`]
        : []),
    ],
  }
}

function countEndings({ people }: History): Summary['endings'] {
  const groups = Map.groupBy(people, ({ ending }) => ending)
  return Object.fromEntries([...groups].map(([ending, all]) => [ending, all.length]).sort())
}
