import type https from 'node:https'
import type { Guard } from '../guarded/guard.ts'
import { chunksOf } from './chunks.ts'
import { type Answer, exchange, toTransferError } from './exchange.ts'
import { maxResumptions, type OpenedSource, type Source, type TransferCall } from './source.ts'
import { suggestedName } from './suggested-name.ts'
import { TransferError } from './transfer-error.ts'

export interface UrlSourceOptions {
  readonly url: string
  /** Where it and every redirect may lead: a name, `*.` and a name for all below it, or `*` for every public one. */
  readonly hosts: readonly string[]
  readonly guard: Guard
  /** One that connects as the guard allows. */
  readonly agent: https.Agent
  /** How long nothing may come. */
  readonly idleMs: number
}

const maxRedirects = 3
/** How often in a row a broken connection is taken up again without a byte between. */
const maxFruitless = 2

/** A file behind an https address. Each redirect is checked as the address itself, and may change nothing but the address. */
export function createUrlSource(options: UrlSourceOptions): Source {
  return {
    async open(call) {
      const { answer, url } = await follow(options, call, {})
      const { headers } = answer
      if (answer.status !== 200) throw refused(answer)
      // Nothing was asked for packed, and what is delivered is what came.
      if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
        answer.message.destroy()
        throw new TransferError('source-refused', { cause: 'CONTENT_ENCODING' })
      }
      const size = sizeOf(answer)
      const etag = strong(headers.etag)
      const first = { answer, url, size, etag }
      let current = answer
      const close = () => void current.message.destroy()
      const bytes = read(options, call, { first, onAnswer: (next) => (current = next) })
      const name = suggestedName(headers['content-disposition'], url.pathname)
      const mayBeCut = size === undefined && !isChunked(answer)
      return { size, etag, mayBeCut, suggestedName: name, bytes, close } satisfies OpenedSource
    },
  }
}

interface First {
  readonly answer: Answer
  readonly url: URL
  readonly size: number | undefined
  readonly etag: string | undefined
}

/** The bytes of an answer, and of those that go on where a connection broke. */
async function* read(
  options: UrlSourceOptions,
  call: TransferCall,
  { first, onAnswer }: { readonly first: First; readonly onAnswer: (answer: Answer) => void },
): AsyncGenerator<Uint8Array> {
  const { size, etag } = first
  let { answer } = first
  let at = 0
  let fruitless = 0
  let resumptions = 0
  for (;;) {
    const from = at
    try {
      for await (const chunk of chunksOf(answer.message, options.idleMs)) {
        at += chunk.length
        if (size !== undefined && at > size) throw new TransferError('source-incomplete')
        yield chunk
      }
      if (size === undefined || at === size) return
      throw new TransferError('source-incomplete')
    } catch (error) {
      fruitless = at > from ? 0 : fruitless + 1
      resumptions += 1
      const isEnough = fruitless > maxFruitless || resumptions > maxResumptions
      const cannotGoOn = size === undefined || etag === undefined || at >= size
      if (cannotGoOn || isEnough || call.signal.aborted) throw broken(error, call)
      answer = await goOn(options, call, { at, size, etag })
      onAnswer(answer)
    }
  }
}

/** A body that has come to no proper end is one that is not whole. */
function broken(error: unknown, { signal }: TransferCall): Error {
  if (error instanceof TransferError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new TransferError('source-incomplete', { cause: String(code) })
  }
  return toTransferError(error, 'source', signal)
}

interface Rest {
  readonly at: number
  readonly size: number
  readonly etag: string
}

/** Asks for the rest of a file that must not have changed meanwhile (RFC 9110, section 13.1.5). */
async function goOn(
  options: UrlSourceOptions,
  call: TransferCall,
  { at, size, etag }: Rest,
): Promise<Answer> {
  const headers = { range: `bytes=${at}-`, 'if-range': etag }
  const { answer } = await follow(options, call, headers)
  if (answer.status === 206) {
    const isRest =
      strong(answer.headers.etag) === etag &&
      answer.headers['content-range'] === `bytes ${at}-${size - 1}/${size}`
    if (isRest) return answer
  }
  answer.message.destroy()
  if (answer.status === 200 || answer.status === 206 || answer.status === 416) {
    const same = strong(answer.headers.etag) === etag
    throw new TransferError(same ? 'source-incomplete' : 'source-changed')
  }
  throw refused(answer)
}

async function follow(
  { url: text, hosts, guard, agent, idleMs }: UrlSourceOptions,
  call: TransferCall,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly answer: Answer; readonly url: URL }> {
  let url = allowed(text, guard, hosts)
  for (let redirects = 0; ; redirects += 1) {
    const answer = await exchange(
      { side: 'source', method: 'GET', url, headers, agent, idleMs },
      call,
    )
    if (![301, 302, 303, 307, 308].includes(answer.status)) return { answer, url }
    const next = URL.parse(answer.headers.location ?? '', url.href)
    answer.message.destroy()
    if (redirects === maxRedirects) throw new TransferError('too-many-redirects')
    if (!next) throw new TransferError('source-refused', { cause: 'LOCATION' })
    next.hash = ''
    url = allowed(next.href, guard, hosts)
  }
}

function allowed(text: string, guard: Guard, hosts: readonly string[]): URL {
  try {
    const url = guard.checkUrl(text)
    if (hosts.some((host) => covers(host, url.hostname))) return url
  } catch (error) {
    throw toTransferError(error, 'source', neverAborted)
  }
  throw new TransferError('source-forbidden', { cause: 'HOST' })
}

const neverAborted = new AbortController().signal

function covers(pattern: string, host: string): boolean {
  if (pattern === '*') return true
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern
}

/** Undefined where the source does not tell; what it tells must hold. */
function sizeOf({ headers }: Answer): number | undefined {
  const text = headers['content-length']
  if (text === undefined) return undefined
  const size = Number(text)
  return Number.isSafeInteger(size) ? size : undefined
}

/** Chunks have an end of their own (RFC 9112, section 6.3). */
function isChunked({ headers }: Answer): boolean {
  return /(?:^|,)\s*chunked$/i.test(headers['transfer-encoding'] ?? '')
}

/** Weak validators say that two files mean the same, not that they are the same (RFC 9110, section 8.8.3). */
function strong(etag: string | undefined): string | undefined {
  return etag !== undefined && /^"[^"]*"$/.test(etag) ? etag : undefined
}

function refused(answer: Answer): TransferError {
  const { status } = answer
  answer.message.destroy()
  const cause = `HTTP_${status}`
  switch (status) {
    case 404:
      return new TransferError('source-not-found', { cause })
    // Signed links say so when their time is over.
    case 403:
    case 410:
      return new TransferError('source-expired', { cause })
    case 408:
    case 425:
    case 429:
      return new TransferError('source-unreachable', { cause })
    default:
      return status >= 500
        ? new TransferError('source-unreachable', { cause })
        : new TransferError('source-refused', { cause })
  }
}
