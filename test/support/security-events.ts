import { randomBytes } from 'node:crypto'
import { inTransaction } from '@anteroom/job-channel'
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose'
import { holdGone } from '../../apps/idp-web/src/security-events/held-receivers.ts'
import { applyEventReports } from '../../apps/idp-web/src/security-events/outbox-upkeep.ts'
import type { Happening } from '../../apps/idp-web/src/security-events/security-events.ts'
import { fixedSealer, openFixed } from './fixed-keys.ts'
import type { OpenidWeb } from './openid-web.ts'
import { reportOf } from './report.ts'
import type { TestWeb } from './web.ts'

/** `security_events` of a partner that nobody listens at. */
export function receiverAt(host: string, more: object = {}): { security_events: object } {
  return { security_events: { url: `https://${host}/events`, ...more } }
}

/** A token as it lies in the queue. */
export interface QueuedToken {
  readonly jobId: string
  readonly partner: string
  readonly event: string
  readonly jti: string
  readonly stream: string
  readonly set: string
  readonly header: ReturnType<typeof decodeProtectedHeader>
  readonly claims: JWTPayload & { readonly events: Record<string, Record<string, unknown>> }
}

/** What is queued for partners, of one account or all, in the order in which it was queued. */
export async function queuedTokens(
  { database }: TestWeb,
  accountId?: string,
): Promise<QueuedToken[]> {
  const { rows } = await database.pool('admin').query(
    `select payload from graphile_worker._private_jobs as job
     join web.security_events as told on told.job_id = job.key
     where $1::text is null or told.account_id = $1 order by job.id`,
    [accountId ?? null],
  )
  return Promise.all(
    rows.map(async ({ payload: { id, clear, sealed } }) => {
      const { set } = JSON.parse(await openFixed('payload', { name: 'risc-delivery', id }, sealed))
      const claims = decodeJwt<Record<string, never>>(set)
      return { jobId: id, ...clear, set, header: decodeProtectedHeader(set), claims }
    }),
  )
}

export interface OutboxRow {
  readonly jti: string
  readonly txn: string
  readonly partner: string
  readonly event: string
  readonly state: string
  readonly reason: string | null
  readonly record: string | null
  readonly job_id: string | null
  readonly subject: string
  readonly attempts: number
  readonly resigns: string | null
}

/** The outbox, of one account or all, in its order. */
export async function outboxRows({ database }: TestWeb, accountId?: string): Promise<OutboxRow[]> {
  const { rows } = await database.pool('admin').query<OutboxRow>(
    `select jti, txn, partner, event, state, reason, record, job_id, subject, attempts, resigns
     from web.security_events where $1::text is null or account_id = $1 order by seq`,
    [accountId ?? null],
  )
  return rows
}

/** An account with this address. */
export async function accountAt({ deps }: TestWeb, address: string): Promise<string> {
  const id = randomBytes(32).toString('base64url')
  const slot = { purpose: 'record', name: 'account-email', id } as const
  const sealed = await fixedSealer.seal(slot, Buffer.from(address))
  await deps.db.query('insert into web.accounts (id, address_hash, address) values ($1, $1, $2)', [
    id,
    sealed,
  ])
  return id
}

export interface Connection {
  readonly accountId: string
  readonly partner: string
  /** An e-mail address that the partner was told. */
  readonly told?: string
  readonly expired?: boolean
}

/** What stands in the database once a person has allowed a partner something. */
export async function connect(
  { deps }: TestWeb,
  { accountId, partner, told, expired = false }: Connection,
): Promise<void> {
  const hashes = told === undefined ? [] : deps.fingerprints.address(told).slice(0, 1)
  await deps.db.query(
    `insert into web.openid_grants (id, account_id, partner, scopes, claims, expires_at, told_addresses)
     values ($1, $2, $3, '{openid}', '{}', now() + make_interval(days => $4), $5)`,
    [randomBytes(16).toString('hex'), accountId, partner, expired ? -1 : 300, hashes],
  )
}

/** Announces as a change of an account does; a change that throws is none. */
export async function change(
  { deps }: TestWeb,
  accountId: string,
  happenings: readonly Happening[],
): Promise<void> {
  const announcement = await deps.securityEvents.announce(accountId, happenings)
  await inTransaction(deps.db, (tx) => announcement.write(tx))
}

/** The keys that this deployment publishes. */
export async function publishedKeys({ web }: Pick<OpenidWeb, 'web'>) {
  return (await web.app.inject({ url: '/openid/jwks' })).json()
}

export interface GivenUp {
  /** What the partner answered last. */
  readonly status?: number
  readonly uselessAt?: Date | undefined
}

/** Leaves of the job of an event what the worker leaves when it gives it up, and lets the web know. Names the job. */
export async function giveUp(
  { deps, database }: TestWeb,
  jti: string,
  { status = 503, uselessAt }: GivenUp = {},
): Promise<string> {
  const admin = database.pool('admin')
  const { rows } = await admin.query<{ id: string }>(
    `with ended as (
       delete from graphile_worker._private_jobs as job using web.security_events as told
       where told.jti = $1 and job.key = told.job_id returning job.key, job.payload
     ), forgotten as (
       insert into worker.ledger
         (job_id, job, state, reason, attempt, starts, token, enqueued_at, deadline_at, settled_at)
       select key, 'risc-delivery', 'failed', 'vendor-unavailable', 6, 6, nextval('worker.tokens'), now(), now(), now()
       from ended
     )
     insert into worker.dead_letters (job_id, job, wire, reason, code, facts, useless_at, purge_at)
     select key, 'risc-delivery', payload, 'vendor-unavailable', 'PUSH_BUSY', jsonb_build_object('status', $2::integer), $3,
       now() + interval '30 days'
     from ended returning job_id as id`,
    [jti, status, uselessAt ?? null],
  )
  const [{ id } = { id: '' }] = rows
  const failed = { job: 'risc-delivery', state: 'failed', reason: 'vendor-unavailable' } as const
  const reports = [reportOf(id, { ...failed, seq: 6, attempt: 6 })]
  await holdGone(deps, await applyEventReports(deps.db, reports))
  return id
}
