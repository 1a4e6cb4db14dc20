import type { Db, QuotaState } from '@anteroom/job-channel'
import type { Log } from '@anteroom/runtime'

export interface ConsoleDeps {
  /** As the operators' role: it may call the functions of the schema `ops` and read the audit, and nothing else. */
  readonly db: Db
  /** Password hashes in the PHC format, by names. */
  readonly operators: Readonly<Record<string, string>>
  readonly sessionKey: Uint8Array
  /** Names under which it may be reached, in small letters and without ports. */
  readonly hosts: ReadonlySet<string>
  /** What is published of the registry's quota. Undefined if nothing is, or Redis is out of reach. */
  readonly quota: () => Promise<QuotaState | undefined>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Log
}
