import { openRevocations } from '@anteroom/credential'
import type { Db } from '@anteroom/job-channel'
import type { WebConfig } from '../config.ts'
import { shareReading } from '../shared-reading.ts'
import { type PublicText, publicText } from './public-text.ts'

export interface RevocationLists {
  /** Keeps a list of ours unless a newer one is kept. False if it was not signed by the issuer that we are. */
  keep(list: string): Promise<boolean>
  /**
   * The newest list; undefined if there is none. One that today's keys did not sign is none. One that another process
   * keeps is known here a few seconds later.
   */
  newest(): Promise<PublicText | undefined>
  /** When the newest list was made, by its own word, whoever signed it. */
  madeAt(tx: Db): Promise<Date | undefined>
}

export interface RevocationListsDeps {
  readonly db: Db
  readonly config: WebConfig
  readonly now: () => number
}

/** Anybody may ask as often as they like, and the longer the list the more it takes to read and check it. */
const freshForMs = 2_000

/** Undefined where no credentials are issued: without public keys nobody could check a list. */
export function createRevocationLists({
  db,
  config,
  now,
}: RevocationListsDeps): RevocationLists | undefined {
  const { credentialPublicKeys: keys } = config
  if (!keys) return undefined
  const issuer = issuerOf(config)
  const open = (list: string) => openRevocations(list, { issuer, keys: { keys } })
  const newest = shareReading(
    async () => {
      const list = (await find(db, issuer))?.list
      return list !== undefined && (await open(list)) ? publicText(list) : undefined
    },
    { forMs: freshForMs, now },
  )
  return {
    async keep(list) {
      const claims = await open(list)
      if (!claims) return false
      await upsert(db, { issuer, list, iat: claims.iat, entries: claims.rids.length })
      newest.forget()
      return true
    },
    newest: newest.get,
    madeAt: async (tx) => (await find(tx, issuer))?.made_at,
  }
}

/** The origin that our credentials name as who issued them. */
export function issuerOf({ publicUrl }: WebConfig): string {
  return new URL(publicUrl).origin
}

interface List {
  readonly issuer: string
  readonly list: string
  /** Seconds since the epoch. */
  readonly iat: number
  readonly entries: number
}

/** Of two lists of the same second the longer one knows more: a name leaves the list only when it has expired. */
async function upsert(db: Db, { issuer, list, iat, entries }: List): Promise<void> {
  await db.query(
    `insert into web.revocation_lists (issuer, list, made_at, entries)
     values ($1, $2, to_timestamp($3), $4)
     on conflict (issuer) do update
       set list = excluded.list, made_at = excluded.made_at, entries = excluded.entries
       where (revocation_lists.made_at, revocation_lists.entries) < (excluded.made_at, excluded.entries)`,
    [issuer, list, iat, entries],
  )
}

async function find(db: Db, issuer: string): Promise<{ list: string; made_at: Date } | undefined> {
  const { rows } = await db.query<{ list: string; made_at: Date }>(
    'select list, made_at from web.revocation_lists where issuer = $1',
    [issuer],
  )
  return rows[0]
}
