import type { Db } from '@anteroom/job-channel'
import type {
  Happening,
  SecurityEvents,
} from '../../apps/idp-web/src/security-events/security-events.ts'
import type { TestDatabase } from './database.ts'

/** What partners would have been told, with the transaction that said so. */
export interface RecordedEvents {
  readonly events: SecurityEvents
  /** Of this account, in order: what was committed and nothing else. */
  toldOf(accountId: string): Promise<readonly Happening[]>
  /** Each transaction that told partners of it. */
  transactionsOf(accountId: string): Promise<readonly string[]>
  /** From now on nothing can be told, so nothing may be changed; and again. */
  fail(fails: boolean): void
}

/** Writes what is announced into a table of its own, in the transaction that it is given. */
export async function recordEvents(database: TestDatabase): Promise<RecordedEvents> {
  const admin = database.pool('admin')
  await admin.query(
    `create table web.told (
       id bigint generated always as identity, account_id text, happening jsonb,
       tx text default pg_current_xact_id()::text
     )`,
  )
  await admin.query('grant insert on web.told to anteroom_web')
  let fails = false

  async function write(tx: Db, accountId: string, happenings: readonly Happening[]) {
    for (const happening of happenings) {
      await tx.query('insert into web.told (account_id, happening) values ($1, $2)', [
        accountId,
        JSON.stringify(happening),
      ])
    }
    if (fails) throw new Error('Partners cannot be told')
  }
  return {
    events: {
      announce: async (accountId, happenings) => ({
        write: (tx) => write(tx, accountId, happenings),
      }),
    },
    async toldOf(accountId) {
      const { rows } = await admin.query<{ happening: Happening }>(
        'select happening from web.told where account_id = $1 order by id',
        [accountId],
      )
      return rows.map(({ happening }) => happening)
    },
    async transactionsOf(accountId) {
      const { rows } = await admin.query<{ tx: string }>(
        'select distinct tx from web.told where account_id = $1',
        [accountId],
      )
      return rows.map(({ tx }) => tx)
    },
    fail(wanted) {
      fails = wanted
    },
  }
}
