import { randomBytes } from 'node:crypto'
import { type Db, enqueueJobs, inTransaction, newJobId } from '@anteroom/job-channel'
import { jobs, packJob } from '@anteroom/job-contracts'
import type { WebDeps } from '../deps.ts'
import { audit } from './audit.ts'
import { consentHashOf } from './consent-code.ts'
import { spendConsent } from './consents.ts'
import type { Consumer } from './consumers.ts'
import { consentedFile, noConsent } from './credential-source.ts'
import { answeredBefore, claimName, type NamedRequest, rememberAnswer } from './idempotency.ts'
import { ProblemError } from './problems.ts'
import type { TransferRequest } from './schemas.ts'
import { assertAllowed } from './scopes.ts'
import { countOpen, findTransfer, insertTransfer, type TransferRow } from './transfer-rows.ts'
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
  try {
    const making = await prepare(deps, asked)
    return await inTransaction(deps.db, async (tx) => {
      if (named) await claimName(tx, named)
      // Whoever had claimed the name a moment ago may have answered since.
      const meanwhile = named && (await replayed(tx, named))
      return meanwhile ?? write(tx, { ...asked, ...making, named })
    })
  } catch (error) {
    // Also this very request, and so used up the consent that is asked for here.
    const used = isConsentRefused(error) && named && (await replayed(deps.db, named))
    if (used) return used
    throw error
  }
}

/** A code that is not good, or one more of too many. */
const isConsentRefused = (error: unknown): boolean =>
  error instanceof ProblemError && ['consent-unknown', 'rate-limited'].includes(error.code)

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
  const { source, destination, expires_at } = request
  const { name, path, conflict } = destination
  const { filename, ...file } = await fileOf(deps, id, { consumer, request })
  const payload = {
    transferId: id,
    destination: name,
    consumer: consumer.id,
    ...file,
    path,
    ...(filename !== undefined && { filename }),
    conflict,
    maxBytes: consumer.maxBytes,
    correlationId,
    ...(expires_at !== undefined && { sourceExpiresAt: Date.parse(expires_at) }),
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

/** What the job is told of the file. A credential goes with it, under a name that says nothing of its owner. */
async function fileOf(
  deps: WebDeps,
  id: string,
  { consumer, request }: Pick<Asked, 'consumer' | 'request'>,
) {
  const { source, destination, sha256 } = request
  if (source.type === 'credential') {
    const { pdf, sha256: own } = await consentedFile(deps, consumer, source.consent)
    const filename = `credential-${id}.pdf`
    const file = { type: source.type, pdf }
    return { source: file, filename, sha256: sha256 ?? own, deadLetter: 'never' } as const
  }
  return {
    source: source.type === 's3' ? source : { ...source, hosts: [...consumer.sourceHosts] },
    filename: destination.filename,
    ...(sha256 !== undefined && { sha256 }),
  }
}

const leastSeconds = 10

/** How long a credential lies in the queue at most. */
const credentialSeconds = 60 * 60

/** No longer than the source can be fetched. */
function secondsFor({ source, expires_at }: TransferRequest, now: number): number {
  const most = source.type === 'credential' ? credentialSeconds : job.deadlineSeconds
  if (expires_at === undefined) return most
  const seconds = Math.floor((Date.parse(expires_at) - now) / 1_000)
  if (seconds < leastSeconds) throw new ProblemError('source-expired')
  return Math.min(seconds, most)
}

interface Making extends Asked, Awaited<ReturnType<typeof prepare>> {
  readonly named: NamedRequest | undefined
}

/** The row, its job, its audit and the name of the request: all of it or nothing. */
async function write(tx: Db, making: Making): Promise<Accepted> {
  const { id, wish, rider, consumer, request, correlationId, traceparent, named } = making
  const row = await insertTransfer(tx, {
    id,
    consumerId: consumer.id,
    jobId: rider.wire.id,
    destination: request.destination.name,
    wish,
    correlationId,
    wantsWebhook: request.webhook,
    traceparent,
    deadlineSeconds: rider.deadlineSeconds,
  })
  await enqueueJobs(tx, [rider])
  if (named) await rememberAnswer(tx, named, { transferId: id, status: accepted })
  const { source } = request
  if (source.type === 'credential' && !(await spendConsent(tx, row, source.consent))) {
    throw noConsent()
  }
  await audit(tx, {
    consumerId: consumer.id,
    transferId: id,
    event: 'transfer requested',
    facts: {
      key: consumer.keyId,
      ...originOf(source),
      destination: row.destination,
      correlationId,
    },
  })
  // From its entry in the audit on, nobody else's transfer of this consumer is taken before this one is.
  const { id: consumerId, maxOpen } = consumer
  if ((await countOpen(tx, consumerId, maxOpen + 1)) > maxOpen) {
    throw new ProblemError('too-many-open', { retryAfterSeconds: 30 })
  }
  return { row, status: accepted, isReplayed: false }
}

/** As the audit names it. A consent is told by the hash that its entry of the audit has too. */
function originOf(source: TransferRequest['source']): Readonly<Record<string, string>> {
  switch (source.type) {
    case 'url':
      return { source: new URL(source.url).hostname }
    case 's3':
      return { source: source.bucket }
    case 'credential':
      return { source: 'credential', consent: consentHashOf(source.consent) }
  }
}
