import type pg from 'pg'
import type { Fingerprints, OwnSeal } from '../deps.ts'
import { createFactors, type Factors } from '../factors/factors.ts'
import { type Accounts, createAccounts } from './accounts.ts'
import { createEmailLinks, type EmailLinks } from './email-links.ts'
import { createFormerAddresses, type FormerAddresses } from './former-addresses.ts'
import { createGuessLimits, type GuessLimits } from './guess-limits.ts'
import { createPasswordHashes, type PasswordHashes } from './password-hash.ts'

/** What accounts need of the web's dependencies: what Postgres keeps of them, and how passwords are hashed. */
export interface AccountDeps {
  readonly accounts: Accounts
  readonly formerAddresses: FormerAddresses
  readonly emailLinks: EmailLinks
  readonly guessLimits: GuessLimits
  readonly passwordHashes: PasswordHashes
  readonly factors: Factors
}

export interface AccountDepsParts {
  readonly db: pg.Pool
  /** Seals for the web's own records. */
  readonly record: OwnSeal
  readonly fingerprints: Fingerprints
  /** Milliseconds since the epoch, database time. */
  readonly now: () => number
}

export function createAccountDeps({
  db,
  record,
  fingerprints,
  now,
}: AccountDepsParts): AccountDeps {
  return {
    accounts: createAccounts({ db, fingerprints, ...record }),
    formerAddresses: createFormerAddresses({ db, fingerprints }),
    emailLinks: createEmailLinks({ db, ...record }),
    guessLimits: createGuessLimits(db),
    passwordHashes: createPasswordHashes(),
    factors: createFactors({ db, record, hashCode: fingerprints.backupCode, now }),
  }
}
