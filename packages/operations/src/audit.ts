import type { Db } from '@anteroom/job-channel'

export interface AuditEntry {
  /** Rises with time; a text, because it may outgrow a number. */
  readonly id: string
  readonly at: Date
  readonly actor: string
  readonly command: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly job_id: string | null
}

/** Newest first, from before an entry or from the last. */
export async function auditedBefore(
  db: Db,
  atMost: number,
  before?: string,
): Promise<AuditEntry[]> {
  const { rows } = await db.query<AuditEntry>(
    `select id, at, actor, command, arguments, job_id from ops.audit
     where $2::bigint is null or id < $2 order by id desc limit $1`,
    [atMost, before ?? null],
  )
  return rows
}
