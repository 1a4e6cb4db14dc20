import { traceIdOf } from '@anteroom/runtime'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { apiScope, headerOf, parsed } from './api-scope.ts'
import { cancelTransfer } from './cancel-transfer.ts'
import type { Consumer } from './consumers.ts'
import { createTransfer } from './create-transfer.ts'
import { readCursor, writeCursor } from './list-cursor.ts'
import { ProblemError } from './problems.ts'
import { referenceRoutes } from './reference-routes.ts'
import { listQuery, transferId, transferRequest } from './schemas.ts'
import { findTransfer, listTransfers, type TransferRow } from './transfer-rows.ts'
import type { Transfers } from './transfers.ts'
import { asAccepted, summaryOf, viewOf } from './view.ts'
import { waitForEnd, waitSecondsOf } from './wait-for-end.ts'

const path = '/api/transfers'

/** The API by which agencies have files moved. Nothing of it is there without destinations. */
export async function transferRoutes(app: FastifyInstance, deps: WebDeps): Promise<void> {
  const { transfers } = deps
  if (!transfers) return
  referenceRoutes(app, deps)
  await app.register(
    (scope, _options, done) => {
      apiScope(scope, deps)
      const rateLimit = { max: deps.config.partnerRequestsPerWindow }
      const config = { anonymous: true, json: true, withKey: true, rateLimit } as const
      scope.post('/', { config }, (request, reply) => create(deps, transfers, { request, reply }))
      scope.get('/', { config }, (request) => list(deps, request))
      scope.get('/:id', { config }, (request, reply) => show(deps, { request, reply }))
      scope.post('/:id/cancel', { config }, (request, reply) => cancel(deps, { request, reply }))
      done()
    },
    { prefix: path },
  )
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

async function create(
  deps: WebDeps,
  transfers: Transfers,
  { request, reply }: Exchange,
): Promise<FastifyReply> {
  const consumer = consumerOf(request)
  const idempotencyKey = headerOf(request, 'idempotency-key')
  const correlation = headerOf(request, 'x-correlation-id')
  const asked = parsed(transferRequest, request.body)
  const correlationId = asked.correlation_id ?? correlation ?? request.id
  const taken = await createTransfer(deps, transfers, {
    consumer,
    request: asked,
    correlationId,
    idempotencyKey,
    traceparent: request.traceparent,
  })
  if (taken.isReplayed) reply.header('idempotency-replayed', 'true')
  else deps.log.info('transfer.requested', factsOf(request, taken.row))
  reply.headers({
    location: `${path}/${taken.row.id}`,
    'x-correlation-id': taken.row.correlationId,
  })
  const seconds = waitSecondsOf(request.headers.prefer)
  if (seconds === 0) {
    return reply.code(taken.status).send(await viewOf(deps, asAccepted(taken.row)))
  }
  return sendWhenEnded(deps, { request, reply }, { row: taken.row, seconds, status: taken.status })
}

async function list(deps: WebDeps, request: FastifyRequest): Promise<object> {
  const query = parsed(listQuery, request.query)
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor)
  const rows = await listTransfers(deps.db, consumerOf(request).id, { query, after })
  const page = rows.slice(0, query.limit)
  const last = rows.length > page.length ? page.at(-1) : undefined
  return { transfers: page.map(summaryOf), next_cursor: last ? writeCursor(last) : null }
}

async function show(deps: WebDeps, { request, reply }: Exchange): Promise<FastifyReply> {
  const row = await findTransfer(deps.db, consumerOf(request).id, idOf(request))
  if (!row) throw new ProblemError('not-found')
  const seconds = waitSecondsOf(request.headers.prefer)
  if (seconds === 0) return reply.send(await viewOf(deps, row))
  return sendWhenEnded(deps, { request, reply }, { row, seconds, status: 200 })
}

async function cancel(deps: WebDeps, { request, reply }: Exchange): Promise<FastifyReply> {
  const row = await cancelTransfer(deps, consumerOf(request).id, idOf(request))
  deps.log.info('transfer.cancel-asked', factsOf(request, row))
  return reply.code(row.endedAt ? 200 : 202).send(await viewOf(deps, row))
}

interface Wanted {
  readonly row: TransferRow
  readonly seconds: number
  /** Of the answer if it has not ended by then. */
  readonly status: number
}

async function sendWhenEnded(
  deps: WebDeps,
  { request, reply }: Exchange,
  { row, seconds, status }: Wanted,
): Promise<FastifyReply> {
  // The consumer said how long it wants to wait.
  request.answerClock?.pause()
  const left = new AbortController()
  reply.raw.once('close', () => left.abort())
  const newest = await waitForEnd(deps, row, { seconds, signal: left.signal })
  return reply
    .code(newest.endedAt ? 200 : status)
    .header('preference-applied', `wait=${seconds}`)
    .send(await viewOf(deps, newest))
}

/** The hook before every route has seen to it. */
function consumerOf({ consumer }: FastifyRequest): Consumer {
  if (!consumer) throw new ProblemError('key-missing')
  return consumer
}

/** What is no id is nobody's. */
function idOf({ params }: FastifyRequest): string {
  const given = typeof params === 'object' && params !== null && 'id' in params ? params.id : ''
  const id = transferId.safeParse(given)
  if (!id.success) throw new ProblemError('not-found')
  return id.data
}

export function factsOf({ id: requestId }: FastifyRequest, row: TransferRow) {
  const { id: transferId, consumerId: consumer, correlationId, jobId, traceparent } = row
  const traceId = traceIdOf(traceparent)
  return { requestId, transferId, consumer, correlationId, jobId, traceId }
}
