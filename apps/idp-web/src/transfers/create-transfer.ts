import { randomBytes } from 'node:crypto'
import { type Db, enqueueJobs, inTransaction, newJobId } from '@anteroom/job-channel'
import { jobs, packJob } from '@anteroom/job-contracts'
import type { WebDeps } from '../deps.ts'
import { audit } from './audit.ts'
import type { Consumer } from './consumers.ts'
import { answeredBefore, claimName, type NamedRequest, rememberAnswer } from './idempotency.ts'
import { ProblemError } from './problems.ts'
import type { TransferRequest } from './schemas.ts'
import { assertAllowed } from './scopes.ts'
import { findTransfer, insertTransfer, type TransferRow } from './transfer-rows.ts'
import type { Transfers } from './transfers.ts'
import { sealWish } from './wish.ts'

/** What is asked, and by whom. */
export interface Asked {
  readonly consumer: Consumer
  readonly request: TransferRequest
  readonly correlationId: string
  /** Absent where the request does not name itself. */
  readonly idempotencyKey?: string | undefined
  readonly traceparent: string
}

export interface Accepted {
  readonly row: TransferRow
  /** As it was answered the first time. */
  readonly status: number
  readonly isReplayed: boolean
}

const accepted = 202
const job = jobs.documentTransfer

/**
 * Takes a transfer, or finds the one that this very request made before.
 *
 * @throws ProblemError
 */
export async function createTransfer(
  deps: WebDeps,
  transfers: Transfers,
  asked: Asked,
): Promise<Accepted> {
  const named = nameOf(transfers, asked)
  const before = named && (await replayed(deps.db, named))
  if (before) return before
  assertAllowed(asked.consumer, asked.request, transfers)
  const making = await prepare(deps, asked)
  return inTransaction(deps.db, async (tx) => {
    if (named) await claimName(tx, named)
    // Whoever had claimed the name a moment ago may have answered since.
    const meanwhile = named && (await replayed(tx, named))
    return meanwhile ?? write(tx, { ...asked, ...making, named })
  })
}

function nameOf(
  { fingerprintOf }: Transfers,
  { consumer, request, idempotencyKey }: Asked,
): NamedRequest | undefined {
  if (idempotencyKey === undefined) return undefined
  return {
    consumerId: consumer.id,
    keyHashes: fingerprintOf(`key:${consumer.id}:${idempotencyKey}`),
    // Parsed and written out by one schema: the order of members and what is left out do not matter.
    fingerprints: fingerprintOf(`body:${JSON.stringify(request)}`),
  }
}

async function replayed(db: Db, named: NamedRequest): Promise<Accepted | undefined> {
  const before = await answeredBefore(db, named)
  const row = before && (await findTransfer(db, named.consumerId, before.transferId))
  return row && { row, status: before.status, isReplayed: true }
}

async function prepare(deps: WebDeps, { consumer, request, correlationId, traceparent }: Asked) {
  const deadlineSeconds = secondsFor(request, deps.now())
  const id = randomBytes(16).toString('base64url')
  const { source, destination, sha256 } = request
  const { name, path, filename, conflict } = destination
  const payload = {
    transferId: id,
    destination: name,
    consumer: consumer.id,
    source: source.type === 's3' ? source : { ...source, hosts: [...consumer.sourceHosts] },
    path,
    ...(filename !== undefined && { filename }),
    conflict,
    ...(sha256 !== undefined && { sha256 }),
    maxBytes: consumer.maxBytes,
    correlationId,
  }
  const packing = { id: newJobId(), traceparent, seal: deps.sealPayload }
  const [wire, wish] = await Promise.all([
    packJob(job, payload, packing),
    sealWish({ seal: deps.sealRecord }, id, {
      source: source.type,
      path,
      filename: filename ?? null,
    }),
  ])
  return { id, wish, rider: { wire, deadlineSeconds } }
}

const leastSeconds = 10

/** No longer than the source can be fetched. */
function secondsFor({ expires_at }: TransferRequest, now: number): number {
  if (expires_at === undefined) return job.deadlineSeconds
  const seconds = Math.floor((Date.parse(expires_at) - now) / 1_000)
  if (seconds < leastSeconds) throw new ProblemError('source-expired')
  return Math.min(seconds, job.deadlineSeconds)
}

interface Making extends Asked, Awaited<ReturnType<typeof prepare>> {
  readonly named: NamedRequest | undefined
}

/** The row, its job, its audit and the name of the request: all of it or nothing. */
async function write(tx: Db, making: Making): Promise<Accepted> {
  const { id, wish, rider, consumer, request, correlationId, named } = making
  const row = await insertTransfer(tx, {
    id,
    consumerId: consumer.id,
    jobId: rider.wire.id,
    destination: request.destination.name,
    wish,
    correlationId,
    wantsWebhook: request.webhook,
    deadlineSeconds: rider.deadlineSeconds,
  })
  await enqueueJobs(tx, [rider])
  if (named) await rememberAnswer(tx, named, { transferId: id, status: accepted })
  const { source } = request
  await audit(tx, {
    consumerId: consumer.id,
    transferId: id,
    event: 'transfer requested',
    facts: {
      key: consumer.keyId,
      source: source.type === 'url' ? new URL(source.url).hostname : source.bucket,
      destination: row.destination,
      correlationId,
    },
  })
  return { row, status: accepted, isReplayed: false }
}
