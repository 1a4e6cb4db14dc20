import type pg from 'pg'
import type { OwnSeal } from '../deps.ts'

export interface FactorParts {
  readonly db: pg.Pool
  /** Seals for the web's own records. */
  readonly record: OwnSeal
  /** Keyed hashes of a backup code of this account, one for each key, newest first. */
  readonly hashCode: (accountId: string, code: string) => readonly string[]
  /** Milliseconds since the epoch, database time. */
  readonly now: () => number
}

/** Where the name of a factor is sealed for. */
export const nameSlot = (id: string) => ({ name: 'factor-name', id })

/** Where the secret of an authenticator app is sealed for. */
export const secretSlot = (id: string) => ({ name: 'factor-secret', id })
