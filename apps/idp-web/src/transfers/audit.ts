import type { Db } from '@anteroom/job-channel'

/** What happened, as the chain of a consumer keeps it for ever. */
export interface AuditEvent {
  readonly consumerId: string
  readonly event:
    | 'transfer requested'
    | 'transfer cancel asked'
    | 'transfer delivered'
    | 'transfer failed'
    | 'transfer cancelled'
    | 'transfer replayed'
    | 'webhook delivered'
    | 'webhook dead'
    | 'key expired'
    | 'credential consent'
  readonly transferId?: string
  /** No name of a file or folder, no path of a source, no query. */
  readonly facts: Readonly<Record<string, string | number | null>>
}

/** Adds to the chain, in the transaction of what happened. */
export async function audit(
  tx: Db,
  { consumerId, event, transferId, facts }: AuditEvent,
): Promise<void> {
  await tx.query('select web.append_transfer_audit($1, $2, $3, $4)', [
    consumerId,
    event,
    transferId ?? null,
    JSON.stringify(facts),
  ])
}
