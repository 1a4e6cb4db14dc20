import { createHmac } from 'node:crypto'
import { type Db, enqueueJobs, type JobRider, newJobId, toJobRider } from '@anteroom/job-channel'
import { jobs, packJob } from '@anteroom/job-contracts'
import { childTraceparent } from '@anteroom/runtime'
import type { WebDeps } from '../deps.ts'
import { ifUnopenable } from '../if-unopenable.ts'
import { webhookOf } from './consumers.ts'
import { webhookSecretName } from './sealed-names.ts'

/** Messages to consumers, signed as Standard Webhooks 1.0.0 says. */

/** One message, whichever round it is in. */
export interface Message {
  /** `webhook-id`. */
  readonly id: string
  readonly consumerId: string
  /** Of its transfer: every round goes on with that trace. */
  readonly traceparent: string
  readonly body: string
}

export type WebhookDeps = Pick<WebDeps, 'db' | 'openRecord' | 'sealPayload' | 'now' | 'log'>

const job = jobs.webhookDelivery

/**
 * Signs a message and seals it for the worker: a round of its delivery. Undefined if its consumer is told nothing any more,
 * or nothing opens that could sign it, or the worker does not take it: its address may be too long.
 * Call it before the transaction that sends it: signing and sealing take time in which nothing should be locked.
 */
export async function packRound(
  deps: WebhookDeps,
  { id, consumerId, traceparent, body }: Message,
): Promise<JobRider | undefined> {
  const place = await webhookOf(deps.db, consumerId)
  if (!place) return undefined
  const secrets = await openSecrets(deps, consumerId, place.secrets)
  if (secrets.length === 0) {
    deps.log.error('webhook.unsigned', { consumer: consumerId })
    return undefined
  }
  const timestamp = Math.floor(deps.now() / 1_000)
  const signature = secrets.map((secret) => sign(secret, `${id}.${timestamp}.${body}`)).join(' ')
  const payload = job.payload.safeParse({
    consumer: consumerId,
    messageId: id,
    url: place.url,
    timestamp,
    signature,
    body,
  })
  if (!payload.success) {
    deps.log.error('webhook.unsigned', { consumer: consumerId })
    return undefined
  }
  const packing = {
    id: newJobId(),
    traceparent: childTraceparent(traceparent),
    seal: deps.sealPayload,
  }
  return toJobRider(job, await packJob(job, payload.data, packing))
}

/** Those that open. */
async function openSecrets(
  { openRecord }: WebhookDeps,
  consumerId: string,
  sealed: readonly string[],
): Promise<string[]> {
  const slot = { name: webhookSecretName, id: consumerId }
  const opened = await Promise.all(sealed.map((one) => openRecord(slot, one).catch(ifUnopenable)))
  return opened.filter((secret) => secret !== undefined)
}

/** `whsec_` and 256 bits, base64: the bytes are the key. */
function sign(secret: string, signed: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}

export interface NewMessage extends Message {
  readonly transferId: string
}

/** The first round, in the transaction of what the message is about: it is sent if that commits, and only then. */
export async function sendFirst(tx: Db, message: NewMessage, rider: JobRider): Promise<void> {
  await tx.query(
    `insert into web.transfer_webhooks (id, transfer_id, consumer_id, body, job_id, deadline_at)
     values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
    [
      message.id,
      message.transferId,
      message.consumerId,
      message.body,
      rider.wire.id,
      rider.deadlineSeconds,
    ],
  )
  await enqueueJobs(tx, [rider])
}

/** The next round of a message that waits for it. False if another process has sent it. */
export async function sendAgain(tx: Db, { id }: Message, rider: JobRider): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update web.transfer_webhooks set state = 'queued', job_id = $2, round = round + 1, next_round_at = null,
       deadline_at = now() + make_interval(secs => $3)
     where id = $1 and state = 'waiting'`,
    [id, rider.wire.id, rider.deadlineSeconds],
  )
  if (rowCount === 1) await enqueueJobs(tx, [rider])
  return rowCount === 1
}

/** How long after a round that failed the next one begins, in minutes. Each round is a few tries within two minutes. */
const roundAfterMinutes = [5, 30, 120, 300, 600, 840, 1_200, 1_440]

/** As it is of a row of `web.transfer_webhooks as message`. */
const traceOf = `coalesce((select traceparent from web.transfers where id = message.transfer_id), '') as traceparent`

export interface EndedRound {
  readonly id: string
  readonly transferId: string
  readonly consumerId: string
  readonly state: 'waiting' | 'delivered' | 'dead'
  readonly round: number
  readonly traceparent: string
}

const ended = `id, transfer_id as "transferId", consumer_id as "consumerId", state, round, ${traceOf}`

/** A round is over. Undefined if it was, or is none of ours. */
export async function endRound(
  tx: Db,
  jobId: string,
  how: 'delivered' | 'failed' | 'gone',
): Promise<EndedRound | undefined> {
  const { rows } = await tx.query<EndedRound>(
    `update web.transfer_webhooks as message set
       state = case when $2 = 'delivered' then 'delivered' when $2 = 'gone' or round > cardinality($3::int[]) then 'dead' else 'waiting' end,
       next_round_at = case when $2 = 'failed' then now() + make_interval(mins => ($3::int[])[round]) end,
       ended_at = case when $2 <> 'failed' or round > cardinality($3::int[]) then now() end
     where job_id = $1 and state = 'queued' returning ${ended}`,
    [jobId, how, roundAfterMinutes],
  )
  return rows[0]
}

/** How many are looked for in one go. */
export const roundsAtOnce = 100

/** Rounds whose report is missing: whether they arrived nobody knows, and another one harms nobody. */
export async function overdueRounds(
  db: Db,
): Promise<{ readonly jobId: string; readonly consumerId: string }[]> {
  const { rows } = await db.query<{ jobId: string; consumerId: string }>(
    `select job_id as "jobId", consumer_id as "consumerId" from (
       select *, row_number() over (partition by consumer_id order by deadline_at) as turn from web.transfer_webhooks
       where state = 'queued' and deadline_at < now() - interval '1 minute'
     ) as message order by turn, deadline_at limit ${roundsAtOnce}`,
  )
  return rows
}

/** Each consumer's first, then each one's second: one with many is in nobody's way. */
export async function dueMessages(db: Db): Promise<Message[]> {
  const { rows } = await db.query<Message>(
    `select id, consumer_id as "consumerId", body, ${traceOf} from (
       select *, row_number() over (partition by consumer_id order by next_round_at) as turn from web.transfer_webhooks
       where state = 'waiting' and next_round_at <= now()
     ) as message order by turn, next_round_at limit ${roundsAtOnce}`,
  )
  return rows
}

/** Its consumer has no webhook any more, or is disabled, or nothing opens that signs it. Undefined if another process has sent it. */
export async function giveUp(tx: Db, { id }: Message): Promise<EndedRound | undefined> {
  const { rows } = await tx.query<EndedRound>(
    `update web.transfer_webhooks as message set state = 'dead', next_round_at = null, ended_at = now()
     where id = $1 and state = 'waiting' returning ${ended}`,
    [id],
  )
  return rows[0]
}
