import type { Db } from '@anteroom/job-channel'
import type { HappeningFacts, WireProfile } from '@anteroom/security-events'

export type { CredentialChange } from '@anteroom/security-events'

/** What happened to an account, for partners to know. */
export interface Happening extends HappeningFacts {
  /** The address that it is about, in events about identifiers: the one that is no longer good. */
  readonly email?: string
  /** The only profile in which it is told; both if it is absent. */
  readonly profile?: WireProfile
}

/** What partners are to be told, signed and sealed, for one change. */
export interface Announcement {
  /** Puts it into the outbox and the queue. In the transaction of the change: partners are told if that commits, and only then. */
  write(tx: Db): Promise<void>
}

export interface SecurityEvents {
  /**
   * Builds, signs and seals a token for each partner that the account is connected to and each happening, in this order.
   * Call it before the transaction of the change: signing and sealing take time in which nothing should be locked.
   *
   * @param traceparent Of the request that makes the change; without one each token begins a trace.
   */
  announce(
    accountId: string,
    happenings: readonly Happening[],
    traceparent?: string,
  ): Promise<Announcement>
}

/** Where no partner is told anything. */
export const noSecurityEvents: SecurityEvents = {
  announce: async () => ({ write: async () => undefined }),
}
