import { type Absence, absenceAt, type History } from '../history.ts'

export interface QuotaUse {
  readonly calls: number
  /** What the registry refused because it came too soon. */
  readonly refused: number
  /** The most that arrived in any window, wherever it begins. */
  readonly mostInWindow: number
  /** Calls for people who were away when it arrived. */
  readonly forGone: number
  readonly goneShare: number
  /** Of these, people who had said so, by the button or as their page closed, long enough before. */
  readonly forGoneWhoSaid: number
  /** The longest that somebody had been away by then. */
  readonly longestGoneMs: number
  /** Of the quota, while enough people waited and were there, what part was used for people who were. Undefined if there never were. */
  readonly usedShare: number | undefined
}

export interface QuotaFacts extends Pick<History, 'people' | 'changes' | 'calls' | 'present'> {
  readonly quota: number
  readonly windowMs: number
}

/** What became of the registry's quota, by the registry's own clock. */
export function checkQuota(facts: QuotaFacts): QuotaUse {
  const { calls, quota, windowMs, present } = facts
  const taken = calls.filter((call) => call.taken)
  const goneAt = absencesOf(facts)
  const gone = taken.flatMap(({ at, key }) => {
    const absence = goneAt(key, at)
    return absence ? [{ how: absence.how, awayMs: at - absence.from }] : []
  })
  const crowded = new Set(
    present.filter(({ count }) => count >= quota).map(({ at }) => Math.floor(at / 1000)),
  )
  const used = taken.filter(
    ({ at, key }) => crowded.has(Math.floor(at / 1000)) && goneAt(key, at) === undefined,
  )
  return {
    calls: taken.length,
    refused: calls.length - taken.length,
    mostInWindow: mostWithin(
      calls.map(({ at }) => at),
      windowMs,
    ),
    forGone: gone.length,
    goneShare: gone.length / Math.max(1, taken.length),
    forGoneWhoSaid: gone.filter(({ how, awayMs }) => how !== 'silent' && awayMs > inHandMs).length,
    longestGoneMs: Math.max(0, ...gone.map(({ awayMs }) => awayMs)),
    usedShare:
      crowded.size === 0 ? undefined : used.length / ((crowded.size * 1000 * quota) / windowMs),
  }
}

/** A worker that has given a job its turn calls within this, whatever is said meanwhile. */
const inHandMs = 5_000

/** Whether whoever this credential is for was away at that moment, and since when. */
function absencesOf({ people, changes }: QuotaFacts) {
  const byHolder = new Map(people.map((person) => [person.holder, person]))
  const byCredential = new Map(
    changes
      .filter(({ credentialId }) => credentialId !== '')
      .map(({ credentialId, holder }) => [credentialId, byHolder.get(holder)]),
  )
  return (key: string, at: number): Absence | undefined => {
    const person = byCredential.get(key)
    return person && absenceAt(person, at)
  }
}

/** The most of these moments that lie in any window of this length; one that lies just so long after another is in the next. */
export function mostWithin(moments: readonly number[], windowMs: number): number {
  const sorted = moments.toSorted((one, other) => one - other)
  let first = 0
  let most = 0
  for (const [last, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) >= windowMs) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}
