import type { ClientRequest } from 'node:http'
import type https from 'node:https'
import type { Guard } from '../guarded/guard.ts'
import type { Destination, Place, Upload, UploadPlan } from './destination.ts'
import {
  type Answer,
  answerOf,
  begin,
  drop,
  exchange,
  refusalOf,
  toTransferError,
} from './exchange.ts'
import type { TransferCall } from './source.ts'

export interface HttpsDestinationOptions {
  /** Below which files are put, without a query. */
  readonly url: string
  /** The value of the Authorization header. */
  readonly authorization?: string | undefined
  readonly guard: Guard
  /** One that connects as the guard allows. */
  readonly agent: https.Agent
  readonly idleMs: number
}

const pieceBytes = 256 * 1024

/**
 * A server that takes files by PUT. It must show none before its last byte has come: what is not whole is told by the length, or
 * by the last chunk. It is asked by HEAD what stands there.
 */
export function createHttpsDestination(options: HttpsDestinationOptions): Destination {
  const { url: base, authorization, guard, agent, idleMs } = options
  const headers = authorization === undefined ? {} : { authorization }

  function urlOf({ path, filename }: Place): URL {
    const names = [...path.split('/'), filename].filter(Boolean).map(encodeURIComponent)
    try {
      return guard.checkUrl([base.replace(/\/$/, ''), ...names].join('/'))
    } catch (error) {
      throw toTransferError(error, 'destination', new AbortController().signal)
    }
  }

  async function ask(method: string, place: Place, call: TransferCall): Promise<Answer> {
    const wanted = { ...headers, 'want-repr-digest': 'sha-256=10' }
    const asked = { side: 'destination', method, url: urlOf(place), headers: wanted } as const
    return await exchange({ ...asked, agent, idleMs }, call)
  }

  return {
    needsSize: false,
    async find(place, call) {
      const answer = await ask('HEAD', place, call)
      if (answer.status === 404 || answer.status === 410) return void drop(answer)
      if (answer.status !== 200) throw refusalOf(answer)
      drop(answer)
      const size = Number(answer.headers['content-length'] ?? 0)
      return { size, proofs: proofsOf(answer), ageMs: ageOf(answer) }
    },
    async remove(place, call) {
      const answer = await ask('DELETE', place, call)
      if (answer.status >= 300 && answer.status !== 404) throw refusalOf(answer)
      drop(answer)
    },
    async open(plan, call) {
      const asked = { method: 'PUT', url: urlOf(plan.place), agent, idleMs }
      return openPut(() => begin({ ...asked, headers: { ...headers, ...headersOf(plan) } }, call), {
        hasTrailer: plan.sha256 === undefined && plan.size === undefined,
        call,
      })
    },
  }
}

/** Between two moments that the same server tells, to the second. */
function ageOf({ headers }: Answer): number | undefined {
  const age = Date.parse(headers.date ?? '') - Date.parse(headers['last-modified'] ?? '')
  return Number.isNaN(age) ? undefined : age
}

/** `sha-256=:…:` (RFC 9530), as the rest of us writes it. */
function proofsOf({ headers }: Answer): string[] {
  const [, base64] = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(textOf(headers)) ?? []
  return base64 === undefined ? [] : [`sha256:${Buffer.from(base64, 'base64').toString('hex')}`]
}

const textOf = (headers: Answer['headers']) => String(headers['repr-digest'] ?? '')

function headersOf({ mediaType, mustBeNew, size, sha256 }: UploadPlan) {
  return {
    'content-type': mediaType,
    ...(mustBeNew && { 'if-none-match': '*' }),
    ...(size === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': size }),
    ...(sha256 === undefined
      ? { 'want-repr-digest': 'sha-256=10' }
      : { 'content-digest': digestOf(sha256), 'repr-digest': digestOf(sha256) }),
    ...(size === undefined && sha256 === undefined && { trailer: 'content-digest, repr-digest' }),
  }
}

const digestOf = (hex: string) => `sha-256=:${Buffer.from(hex, 'hex').toString('base64')}:`

/** A request is begun with the first byte, and ended with the last one alone: whatever breaks before leaves nothing. */
function openPut(
  start: () => ClientRequest,
  { hasTrailer, call }: { readonly hasTrailer: boolean; readonly call: TransferCall },
): Upload {
  let open: { readonly request: ClientRequest; readonly answer: Promise<Answer> } | undefined
  /** Rejects when an answer comes before the end of the body: it does not want the rest. */
  let refused: Promise<never> | undefined
  let isSent = false

  function begun() {
    if (open) return open
    const request = start()
    const answer = answerOf(request, 'destination', call.signal)
    open = { request, answer }
    refused = answer.then((early) => {
      if (isSent) return new Promise<never>(() => undefined)
      throw refusalOf(early)
    })
    // Whoever writes next hears of it.
    refused.catch(() => undefined)
    return open
  }

  async function write(piece: Uint8Array): Promise<void> {
    const { request } = begun()
    const { promise, resolve } = Promise.withResolvers<void>()
    request.write(piece, () => resolve())
    await Promise.race([promise, refused])
  }

  return {
    offset: 0,
    pieceBytes,
    write,
    state: () => undefined,
    proof: () => undefined,
    async commit(last, sha256) {
      const { request, answer } = begun()
      isSent = true
      if (hasTrailer) {
        const digest = digestOf(sha256)
        request.addTrailers({ 'content-digest': digest, 'repr-digest': digest })
      }
      request.end(last)
      const told = await answer
      if (told.status < 200 || told.status > 299) throw refusalOf(told)
      drop(told)
    },
    async abort() {
      if (!isSent) open?.request.destroy()
    },
  }
}
