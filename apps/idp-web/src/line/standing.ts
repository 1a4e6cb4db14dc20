import type { FailureReason } from '@anteroom/job-contracts'

/** A person's place in the line. Its id is also the id of the job that issues their credential; neither is ever in a URL. */
export interface Ticket {
  /** 256 random bits, base64url. */
  readonly id: string
  /** Unique, and higher than that of everybody who came before. */
  readonly number: number
}

/** How long the wait will be, in seconds: as likely as not below `likely`, and in nine of ten cases between the others. */
export interface WaitRange {
  readonly low: number
  readonly likely: number
  readonly high: number
}

/** Why nobody is called just now. Everybody keeps their place. */
export type Pause = 'stopped' | 'issuer-busy' | 'unknown'

/** What every answer of a person who is still waiting says. */
interface Presence {
  /** When to ask again, in seconds. */
  readonly nextPollSeconds: number
  /** Whoever is not heard of for so long loses their turn, and after five minutes more their place. */
  readonly leaseSeconds: number
  /** Whether an event stream is worth having: it is soon, and a hidden page hardly gets to ask. */
  readonly listen: boolean
}

/** Where a person stands. The page, its script and apps are all told the same. */
export type Standing =
  | ({
      readonly state: 'waiting'
      /** People in front who are still there. */
      readonly ahead: number
      /** People in the line who are still there, this one included. */
      readonly inLine: number
      /** Absent while it is not known. */
      readonly wait?: WaitRange
      readonly paused?: Pause
      /** What the operators have to say to everybody. */
      readonly message?: string
    } & Presence)
  /** Called: the credential is being made. */
  | ({ readonly state: 'called' } & Presence)
  | { readonly state: 'issued' }
  /** The place is kept, and joining again takes it up, if the failure was not the person's. */
  | { readonly state: 'failed'; readonly reason: FailureReason; readonly keepsPlace: boolean }
  /** Gone, and the place is kept until then (milliseconds since the epoch). Asking for the standing does not bring them back. */
  | { readonly state: 'left'; readonly backUntil: number }
  /** Gone for longer than a place is kept, or taken up on another device. */
  | { readonly state: 'gone'; readonly why: 'lapsed' | 'moved' }
