import type { Db } from '@anteroom/job-channel'
import type pg from 'pg'
import type { OwnSeal } from '../deps.ts'
import { hashOfId, randomId } from '../random-id.ts'

/** The only home of the columns of `web.email_links`. */

export type LinkPurpose = 'sign-up' | 'recovery' | 'new-address'

export interface NewLink {
  readonly purpose: LinkPurpose
  /** Where it is sent. */
  readonly address: string
  /** Absent where there is no account yet. */
  readonly accountId?: string
}

export interface EmailLink {
  readonly address: string
  readonly accountId?: string
}

/**
 * Links that show that somebody reads the mail of an address. Only the hash of a link is kept, so that who reads the
 * table can use none; making one takes the same work whatever it is for.
 */
export interface EmailLinks {
  /** Returns its path. It can be used once, within {@link linkMinutes}. */
  make(link: NewLink, tx?: Db): Promise<string>
  /** Undefined if it was used, is too old, or never was. Looking uses nothing up: programs open links too. */
  find(purpose: LinkPurpose, token: string): Promise<EmailLink | undefined>
  /** As above, and nobody finds it after the transaction. */
  take(tx: Db, purpose: LinkPurpose, token: string): Promise<EmailLink | undefined>
  /** All that were sent for this account are worth nothing any more. */
  dropOf(tx: Db, accountId: string): Promise<void>
}

export const linkMinutes = 60

export interface LinksDeps extends OwnSeal {
  readonly db: pg.Pool
}

export function createEmailLinks({ db, seal, open }: LinksDeps): EmailLinks {
  async function opened(rows: readonly Row[]): Promise<EmailLink | undefined> {
    const [row] = rows
    if (!row) return undefined
    const address = await open(slotOf(row.token_hash), row.address)
    return { address, ...(row.account_id !== null && { accountId: row.account_id }) }
  }

  return {
    async make({ purpose, address, accountId }, tx = db) {
      const token = randomId()
      const tokenHash = hashOfId(token)
      const sealed = await seal(slotOf(tokenHash), address)
      await tx.query(
        `insert into web.email_links (token_hash, purpose, account_id, address, expires_at)
         values ($1, $2, $3, $4, now() + make_interval(mins => $5))`,
        [tokenHash, purpose, accountId, sealed, linkMinutes],
      )
      return `/email/${purpose}/${token}`
    },
    async find(purpose, token) {
      const { rows } = await db.query<Row>(
        `select ${columns} from web.email_links where ${isGood}`,
        [hashOfId(token), purpose],
      )
      return opened(rows)
    },
    async take(tx, purpose, token) {
      const { rows } = await tx.query<Row>(
        `delete from web.email_links where ${isGood} returning ${columns}`,
        [hashOfId(token), purpose],
      )
      return opened(rows)
    },
    async dropOf(tx, accountId) {
      await tx.query('delete from web.email_links where account_id = $1', [accountId])
    },
  }
}

export async function purgeLinks(db: Db): Promise<void> {
  await db.query('delete from web.email_links where expires_at < now()')
}

interface Row {
  readonly token_hash: string
  readonly account_id: string | null
  readonly address: string
}

const columns = 'token_hash, account_id, address'
const isGood = 'token_hash = $1 and purpose = $2 and expires_at > now()'

const slotOf = (tokenHash: string) => ({ name: 'email-link', id: tokenHash })
