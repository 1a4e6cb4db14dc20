import type { Db } from '@anteroom/job-channel'
import type pg from 'pg'
import type { Fingerprints } from '../deps.ts'
import { canonicalAddress } from './address.ts'

/**
 * The only home of the columns of `web.former_addresses`. Partners of whoever had an address before have to know when it
 * becomes somebody else's.
 */
export interface FormerAddresses {
  /** The account whose address it was, if it is still there. */
  ownerOf(address: string): Promise<string | undefined>
  /** It is this account's no more. */
  leave(tx: Db, accountId: string, address: string): Promise<void>
  /** It is an account's again. False if it was nobody's before. */
  take(tx: Db, address: string): Promise<boolean>
}

export interface FormerAddressesDeps {
  readonly db: pg.Pool
  readonly fingerprints: Pick<Fingerprints, 'address'>
}

export function createFormerAddresses({ db, fingerprints }: FormerAddressesDeps): FormerAddresses {
  const hashesOf = (address: string) => fingerprints.address(canonicalAddress(address))
  return {
    async ownerOf(address) {
      const { rows } = await db.query<{ account_id: string }>(
        'select account_id from web.former_addresses where address_hash = any ($1)',
        [hashesOf(address)],
      )
      return rows[0]?.account_id
    },
    async leave(tx, accountId, address) {
      await tx.query(
        `insert into web.former_addresses (address_hash, account_id) values ($1, $2)
         on conflict (address_hash) do nothing`,
        [hashesOf(address)[0], accountId],
      )
    },
    async take(tx, address) {
      const { rowCount } = await tx.query(
        'delete from web.former_addresses where address_hash = any ($1)',
        [hashesOf(address)],
      )
      return rowCount !== 0
    },
  }
}
