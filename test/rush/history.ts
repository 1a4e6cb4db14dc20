import type { WaitRange } from '../../apps/idp-web/src/line/standing.ts'

/** Everything that is known of a rush when it is over. Times are milliseconds since the epoch. */
export interface History {
  readonly people: readonly PersonRecord[]
  readonly changes: readonly TicketChange[]
  readonly calls: readonly RegistryCall[]
  /** How many people waited and were there, as they themselves know it, second by second. */
  readonly present: readonly Sample[]
}

export interface Sample {
  readonly at: number
  readonly count: number
}

export type Farewell = 'silent' | 'beacon' | 'button'

export interface Absence {
  readonly from: number
  readonly how: Farewell
  /** Absent if they never came back. */
  until?: number
}

export type Ending = 'issued' | 'left' | 'lapsed' | 'failed' | 'refused' | 'inside'

/** One of the crowd, as they saw it. */
export interface PersonRecord {
  /** What the line knows their session by. */
  readonly holder: string
  joinedAt?: number
  /** The first time they were told how long they would wait; not always in the first answer. */
  told?: { readonly at: number; readonly wait: WaitRange; readonly atOnce: boolean }
  /** In turn: when they asked and when they heard that they wait. */
  readonly signs: number[]
  readonly absences: Absence[]
  ending: Ending
  /** Requests that failed. */
  troubles: number
}

/** A ticket that was made, or whose state changed, by the time of the transaction. */
export interface TicketChange {
  readonly at: number
  readonly id: string
  readonly number: number
  readonly credentialId: string
  readonly holder: string
  readonly state: string
}

/** A request as it arrived at the registry, by the registry's clock. */
export interface RegistryCall {
  readonly at: number
  /** The credential's id. */
  readonly key: string
  readonly taken: boolean
}

/** The absence of this person at that moment, if they were away. */
export function absenceAt({ absences }: PersonRecord, at: number): Absence | undefined {
  return absences.find(({ from, until }) => from <= at && (until === undefined || at < until))
}
