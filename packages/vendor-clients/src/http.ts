import type http from 'node:http'
import type https from 'node:https'
import { Readable } from 'node:stream'
import got, { type Got } from 'got'
import type { z } from 'zod'
import { httpsAgentOf, type OutboundAgent } from './agent.ts'
import { startDeadline } from './deadline.ts'
import { readReply } from './read-reply.ts'
import { toVendorError } from './to-vendor-error.ts'
import { VendorError } from './vendor-error.ts'

export interface CallOptions {
  /** Calls the call off. */
  readonly signal: AbortSignal
  /** The same for every repetition of one call; the vendor answers a repetition without billing it again. */
  readonly idempotencyKey: string
  readonly traceparent: string
  /** From now to the last byte of the reply, connecting included. */
  readonly timeoutMs: number
}

export interface VendorRequest<Reply> {
  /** Begins with a slash; follows the vendor's base address. */
  readonly path: string
  readonly body: Readonly<Record<string, string | undefined>> | StreamedBody
  readonly reply: z.ZodType<Reply>
}

/** A JSON body too large to be held: made piece by piece as it is sent. */
export interface StreamedBody {
  readonly bytes: number
  chunks(): Iterable<string>
}

/** The one door to a vendor: a JSON question, a JSON answer of at most 2 MB, no redirect, no retry. */
export interface VendorHttp {
  /** @throws VendorError, and nothing else */
  post<Reply>(request: VendorRequest<Reply>, options: CallOptions): Promise<Reply>
}

export interface VendorHttpOptions {
  /** `https:` address without query or credentials. */
  readonly baseUrl: string
  readonly token: string
  readonly agent: OutboundAgent
}

/** @throws TypeError when the address is not a plain `https:` one: plain HTTP would go past the proxy's tunnel */
export function createVendorHttp({ baseUrl, token, agent }: VendorHttpOptions): VendorHttp {
  if (URL.parse(baseUrl)?.protocol !== 'https:') {
    throw new TypeError('A vendor needs an https: address')
  }
  return openVendorHttp({ baseUrl, token, agents: { https: httpsAgentOf(agent) } })
}

export interface OpenOptions {
  readonly baseUrl: string
  readonly token: string
  readonly agents: { readonly https?: https.Agent; readonly http?: http.Agent }
}

/** The door itself. Which agents may stand behind it is the caller's to see to. */
export function openVendorHttp({ baseUrl, token, agents }: OpenOptions): VendorHttp {
  const base = plainBase(baseUrl)
  const client = got.extend({
    method: 'POST',
    agent: agents,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'user-agent': 'anteroom',
    },
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
    maxHeaderSize: 16_384,
    https: { rejectUnauthorized: true },
  })
  return {
    post: (request, options) => post(client, { ...request, path: base + request.path }, options),
  }
}

async function post<Reply>(
  client: Got,
  { path: url, body, reply }: VendorRequest<Reply>,
  { signal, idempotencyKey, traceparent, timeoutMs }: CallOptions,
): Promise<Reply> {
  if (signal.aborted) throw new VendorError('CALL_ABORTED')

  // A stream, because only there can the body be counted as it comes: the promise reads it all first, and its
  // progress events stay away once more was unpacked than the content-length says.
  const call = client.stream(url, {
    body: bodyOf(body),
    headers: { ...lengthOf(body), 'idempotency-key': idempotencyKey, traceparent },
  })
  const deadline = startDeadline(timeoutMs, signal, () => call.destroy())
  try {
    return await readReply(call, reply)
  } catch (error) {
    // got's errors hold the request with the person's data: none leaves this function.
    throw deadline.passed() ?? toVendorError(error)
  } finally {
    deadline.stop()
  }
}

type Body = VendorRequest<unknown>['body']

function bodyOf(body: Body): string | Readable {
  return isStreamed(body) ? Readable.from(body.chunks()) : JSON.stringify(body)
}

/** Of a text got knows the length itself. */
function lengthOf(body: Body): Record<string, string> {
  return isStreamed(body) ? { 'content-length': String(body.bytes) } : {}
}

function isStreamed(body: Body): body is StreamedBody {
  return typeof body.chunks === 'function'
}

function plainBase(baseUrl: string): string {
  const url = URL.parse(baseUrl)
  if (!url || url.search || url.hash || url.username || url.password) {
    throw new TypeError('A vendor needs an address without query, fragment or credentials')
  }
  return url.href.replace(/\/$/, '')
}
