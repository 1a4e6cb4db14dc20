import type { Db } from '@anteroom/job-channel'
import { type TransferRow, transferColumns } from './transfer-rows.ts'

/** Since when transfers wait for their end; undefined if none does. */
export async function oldestUnreported(db: Db): Promise<Date | undefined> {
  const { rows } = await db.query<{ since: Date | null }>(
    'select min(requested_at) as since from web.transfers where ended_at is null',
  )
  return rows[0]?.since ?? undefined
}

/** As above, of those whose report is overdue. */
export async function overdueTransfers(db: Db): Promise<Date | undefined> {
  const { rows } = await db.query<{ since: Date | null }>(
    `select min(requested_at) as since from web.transfers
     where ended_at is null and deadline_at < now() - interval '30 seconds'`,
  )
  return rows[0]?.since ?? undefined
}

/** What no report will end any more. */
export async function forgottenTransfers(db: Db): Promise<TransferRow[]> {
  const { rows } = await db.query<TransferRow>(
    `select ${transferColumns} from web.transfers where ended_at is null and deadline_at < now() - interval '1 hour' limit 100`,
  )
  return rows
}

export async function purgeTransfers(tx: Db, keepDays: number): Promise<void> {
  await tx.query('delete from web.transfers where ended_at < now() - make_interval(days => $1)', [
    keepDays,
  ])
}
