import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import https from 'node:https'
import { GuardError } from '../guarded/guard-error.ts'
import { refuseUpgrade } from '../refuse-upgrade.ts'
import { retryAfterMs } from '../retry-after.ts'
import { codeOf, innermost } from '../system-error.ts'
import { chunksOf, inSlices } from './chunks.ts'
import type { TransferCall } from './source.ts'
import { TransferError, type TransferErrorCode } from './transfer-error.ts'

export type Side = 'source' | 'destination'

export interface Asking {
  readonly side: Side
  readonly method: string
  readonly url: URL
  readonly headers?: OutgoingHttpHeaders
  readonly agent: https.Agent
  /** Without it the request has none. */
  readonly body?: Uint8Array | string
  /** How long nothing may come or go. */
  readonly idleMs: number
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly message: IncomingMessage
}

/** One request and the head of its answer; whoever asked reads the body or destroys it. No redirect, no repetition. @throws TransferError */
export async function exchange(asking: Asking, call: TransferCall): Promise<Answer> {
  const request = begin(asking, call)
  if (asking.body instanceof Uint8Array) inSlices(asking.body).pipe(request)
  else request.end(asking.body)
  return await answerOf(request, asking.side, call.signal)
}

/** So many times `idleMs` are from the last byte of a request to the end of its answer's head. Some servers look at a large file first. */
const mostSilences = 5

/** A request whose body is still to be written. */
export function begin(
  { method, url, headers, agent, body, idleMs }: Omit<Asking, 'side'>,
  { signal, traceparent, correlationId }: TransferCall,
) {
  const request = https.request(url, {
    method,
    agent,
    signal,
    maxHeaderSize: 16_384,
    headers: {
      'user-agent': 'anteroom',
      'accept-encoding': 'identity',
      traceparent,
      'x-correlation-id': correlationId,
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      ...headers,
    },
  })
  const onIdle = () => request.destroy(new Error('idle'))
  request.setTimeout(idleMs, onIdle)
  // Each word restarts that one: heads that come drop by drop, or after ever more that say to wait, end with this one.
  const onLate = () => request.destroy(new Error('late'))
  let lateTimer: NodeJS.Timeout | undefined
  request.once('finish', () => {
    lateTimer = setTimeout(onLate, mostSilences * idleMs)
  })
  request.once('close', () => clearTimeout(lateTimer))
  request.once('response', () => clearTimeout(lateTimer))
  refuseUpgrade(request)
  // From here on it may be we who are slow: whoever reads the body watches the time.
  request.once('response', () => request.setTimeout(0).off('timeout', onIdle))
  return request
}

/** @throws TransferError */
export async function answerOf(
  request: ReturnType<typeof begin>,
  side: Side,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  request.once('response', resolve)
  request.on('error', reject)
  request.once('close', () => reject(new Error('closed')))
  try {
    const message = await promise
    // What comes after the head is heard by whoever reads the body.
    message.on('error', () => undefined)
    return { status: message.statusCode ?? 0, headers: message.headers, message }
  } catch (error) {
    throw toTransferError(error, side, signal)
  }
}

const mostTextBytes = 256 * 1024

/** The body of an answer as JSON; undefined if it is none, or too long, or does not come. */
export async function readJson(answer: Answer, idleMs: number): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of chunksOf(answer.message, idleMs)) {
      bytes += chunk.length
      if (bytes > mostTextBytes) return undefined
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const mostDroppedBytes = 64 * 1024
const droppedWithinMs = 5_000

/** Reads the little that an answer says to its end, so that the connection can be used again; what is more, or late, ends it. */
export function drop({ message }: Answer): void {
  let bytes = 0
  const timer = setTimeout(() => message.destroy(), droppedWithinMs)
  message.once('close', () => clearTimeout(timer))
  message.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length
    if (bytes > mostDroppedBytes) message.destroy()
  })
}

/** What a destination means by a status that is no success. */
export function refusalOf({ status, headers, message }: Answer): TransferError {
  message.destroy()
  const cause = `HTTP_${status}`
  if (status === 429 || status === 503) {
    return new TransferError('destination-busy', { cause, retryAfterMs: retryAfterMs(headers) })
  }
  if (status === 409 || status === 412) return new TransferError('file-exists', { cause })
  if (status === 507 || status === 413) {
    return new TransferError('destination-full', { cause, retryable: status === 507 })
  }
  if (status >= 500 || status === 408 || status === 425) {
    return new TransferError('destination-unreachable', { cause })
  }
  // Somebody may have to give us leave first; that is worth waiting for.
  return new TransferError('destination-refused', { cause, retryable: [401, 403].includes(status) })
}

/** Whatever was thrown on the way, by the side that it happened on. */
export function toTransferError(error: unknown, side: Side, signal: AbortSignal): Error {
  if (error instanceof TransferError) return error
  // Who aborted knows why.
  if (signal.aborted) return new TransferError(unreachable(side), { cause: 'ABORTED' })
  const guard = innermost(error, (one) => one instanceof GuardError)
  if (guard instanceof GuardError) return ofGuard(guard, side)
  return new TransferError(unreachable(side), { cause: codeOf(innermost(error)) })
}

const unreachable = (side: Side): TransferErrorCode => `${side}-unreachable`

function ofGuard({ code, cause }: GuardError, side: Side): TransferError {
  const why = cause instanceof Error ? cause.message : code
  if (code !== 'ADDRESS_FORBIDDEN') return new TransferError(unreachable(side), { cause: why })
  return side === 'source'
    ? new TransferError('source-forbidden', { cause: why })
    : new TransferError('destination-refused', { cause: why })
}
