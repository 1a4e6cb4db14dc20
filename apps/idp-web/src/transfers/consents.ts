import type { Db } from '@anteroom/job-channel'
import type { TransferProblem } from '@anteroom/job-contracts'
import { consentHashOf } from './consent-code.ts'
import type { TransferStateName } from './schemas.ts'

/** The only home of the columns of `web.credential_consents`. */

/** A person agrees that one credential is sent to one agency. */
export interface Agreeing {
  readonly ticketId: string
  readonly consumerId: string
  /** For the agency alone, and once. */
  readonly code: string
  /** For which the credential is still kept. */
  readonly secondsLeft: number
}

/**
 * Writes it down. A code that was not used is replaced: of two that were made at once only the later one is good. False if the
 * credential has been sent there already, or is under way; after a failure they may agree anew.
 */
export async function agree(tx: Db, agreeing: Agreeing): Promise<boolean> {
  const { ticketId, consumerId, code, secondsLeft } = agreeing
  const { rowCount } = await tx.query(
    `insert into web.credential_consents as known (ticket_id, consumer_id, code_hash, expires_at)
     values ($1, $2, $3, now() + make_interval(secs => $4))
     on conflict (ticket_id, consumer_id) do update set
       code_hash = excluded.code_hash, expires_at = excluded.expires_at, agreed_at = now(), transfer_id = null
     where known.transfer_id is null or exists (
       select from web.transfers where id = known.transfer_id and state in ('failed', 'cancelled')
     )`,
    [ticketId, consumerId, consentHashOf(code), secondsLeft],
  )
  return rowCount === 1
}

/** Whose credential a good code of this consumer is for. */
export async function ticketOfConsent(
  db: Db,
  consumerId: string,
  code: string,
): Promise<string | undefined> {
  const { rows } = await db.query<{ ticket: string }>(
    `select ticket_id as ticket from web.credential_consents
     where code_hash = $1 and consumer_id = $2 and transfer_id is null and expires_at > now()`,
    [consentHashOf(code), consumerId],
  )
  return rows[0]?.ticket
}

/** Uses a code for a transfer. False if it was used, replaced or has expired meanwhile. */
export async function spendConsent(
  tx: Db,
  { consumerId, id }: { readonly consumerId: string; readonly id: string },
  code: string,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update web.credential_consents set transfer_id = $3
     where code_hash = $1 and consumer_id = $2 and transfer_id is null and expires_at > now()`,
    [consentHashOf(code), consumerId, id],
  )
  return rowCount === 1
}

/** A code that was not used is no good any more, and nobody agreed. */
export async function withdraw(db: Db, consumerId: string, code: string): Promise<void> {
  await db.query(
    'delete from web.credential_consents where code_hash = $1 and consumer_id = $2 and transfer_id is null',
    [consentHashOf(code), consumerId],
  )
}

export interface Consent {
  readonly isUsed: boolean
  readonly isExpired: boolean
  /** Of the transfer by which the credential goes there, as long as it is kept. */
  readonly state: TransferStateName | null
  readonly problem: TransferProblem | null
}

/** What was agreed for this ticket's credential and this consumer, and what has come of it. */
export async function consentOf(
  db: Db,
  ticketId: string,
  consumerId: string,
): Promise<Consent | undefined> {
  const { rows } = await db.query<Consent>(
    `select known.transfer_id is not null as "isUsed", known.expires_at <= now() as "isExpired", transfer.state, transfer.problem
     from web.credential_consents as known left join web.transfers as transfer
       on transfer.id = known.transfer_id and transfer.consumer_id = known.consumer_id
     where known.ticket_id = $1 and known.consumer_id = $2`,
    [ticketId, consumerId],
  )
  return rows[0]
}

export async function purgeConsents(tx: Db): Promise<void> {
  await tx.query(`delete from web.credential_consents where expires_at < now() - interval '1 day'`)
}
