import { freshMs } from '../../../apps/idp-web/src/line/presence.ts'
import { absenceAt, type History, type PersonRecord, type TicketChange } from '../history.ts'

/** Somebody who was there, had been heard of, and saw a later number called. */
export interface Inversion {
  readonly number: number
  readonly calledBefore: number
  readonly at: number
}

export interface Order {
  readonly calls: number
  readonly inversions: readonly Inversion[]
  /** People who were there and passed over because their page had not asked for so long that they seemed not to be. */
  readonly unheard: number
  /** The longest that one of them then waited to be called. */
  readonly longestUnheardMs: number
}

/** From the choice of who is called until it stands in the database, at the most. */
const slackMs = 1_000

/** Whether people were called in the order of their numbers, save those who were not there. */
export function checkOrder({ people, changes }: Pick<History, 'people' | 'changes'>): Order {
  const calls = changes.filter(({ state }) => state === 'called')
  const byHolder = new Map(people.map((person) => [person.holder, person]))
  const inversions: Inversion[] = []
  let unheard = 0
  let longestUnheardMs = 0
  for (const stretch of stretchesOf(changes)) {
    const person = byHolder.get(stretch.holder)
    const overtaking = calls.filter(
      ({ at, number }) => number > stretch.number && at > stretch.from && at < stretch.until,
    )
    if (!person || overtaking.length === 0) continue
    const wrong = overtaking.find(({ at }) => wasSurelyHeardOf(person, at))
    if (wrong) {
      inversions.push({ number: stretch.number, calledBefore: wrong.number, at: wrong.at })
      continue
    }
    const first = overtaking.find(({ at }) => wasThere(person, at))
    if (!first) continue
    unheard += 1
    if (Number.isFinite(stretch.until)) {
      longestUnheardMs = Math.max(longestUnheardMs, stretch.until - first.at)
    }
  }
  return { calls: calls.length, inversions, unheard, longestUnheardMs }
}

/** For how long a place waited to be called. */
interface Stretch {
  readonly number: number
  readonly holder: string
  readonly from: number
  readonly until: number
}

function stretchesOf(changes: readonly TicketChange[]): Stretch[] {
  const open = new Map<string, TicketChange>()
  const holders = new Map<string, string>()
  const stretches: Stretch[] = []
  for (const change of changes) {
    if (change.holder !== '') holders.set(change.id, change.holder)
    const began = open.get(change.id)
    if (change.state === 'waiting') {
      open.set(change.id, change)
    } else if (began) {
      open.delete(change.id)
      stretches.push(stretchOf(began, change.at))
    }
  }
  for (const began of open.values()) stretches.push(stretchOf(began, Number.POSITIVE_INFINITY))
  return stretches

  function stretchOf({ id, number, at: from }: TicketChange, until: number): Stretch {
    return { number, holder: holders.get(id) ?? '', from, until }
  }
}

/** Heard of so lately, whenever within the slack it was chosen who is called, that they were to be called first. */
function wasSurelyHeardOf(person: PersonRecord, at: number): boolean {
  if (absenceAt(person, at) || absenceAt(person, at - slackMs)) return false
  const { signs } = person
  for (let index = 0; index < signs.length; index += 2) {
    const [sentAt = 0, answeredAt = 0] = [signs[index], signs[index + 1]]
    if (answeredAt > at - slackMs || sentAt < at - freshMs.visible) continue
    if (!isAwayBetween(person, sentAt, at)) return true
  }
  return false
}

function isAwayBetween({ absences }: PersonRecord, from: number, until: number): boolean {
  return absences.some((absence) => absence.from >= from && absence.from <= until)
}

function wasThere(person: PersonRecord, at: number): boolean {
  const { joinedAt = Number.POSITIVE_INFINITY } = person
  return joinedAt < at - slackMs && !absenceAt(person, at) && !absenceAt(person, at - slackMs)
}
