import type { PlainResponse, Request } from 'got'
import type { z } from 'zod'
import { retryAfterMs } from './retry-after.ts'
import { VendorError, type VendorErrorCode } from './vendor-error.ts'

const maxBodyBytes = 2 * 1024 * 1024
const jsonType = /^application\/json\s*(;|$)/i

/** Waits for the reply of a call under way and parses it. Ends the call if the reply is not worth reading on. */
export async function readReply<Reply>(call: Request, schema: z.ZodType<Reply>): Promise<Reply> {
  // The reader below hears of errors; one that comes after it has left concerns nobody.
  call.on('error', () => undefined)
  call.once('response', (response) => {
    const problem = problemOf(response)
    if (problem) call.destroy(problem)
  })
  const parsed = schema.safeParse(parseJson(await readBody(call)))
  if (!parsed.success) throw invalid('SCHEMA')
  return parsed.data
}

function problemOf({ statusCode, headers }: PlainResponse): VendorError | undefined {
  if (statusCode === 200) {
    return jsonType.test(headers['content-type'] ?? '') ? undefined : invalid('CONTENT_TYPE')
  }
  const cause = new Error(`HTTP_${statusCode}`)
  const waitMs = [429, 503].includes(statusCode) ? retryAfterMs(headers) : undefined
  if (waitMs !== undefined) return new VendorError('VENDOR_BUSY', { cause, retryAfterMs: waitMs })
  return new VendorError(codeFor(statusCode), { cause })
}

function codeFor(status: number): VendorErrorCode {
  // Our token, too early, too many, timed out: trouble between us and the vendor, and not the question's.
  if (status >= 500 || [401, 403, 408, 425, 429].includes(status)) return 'VENDOR_UNAVAILABLE'
  return status >= 400 ? 'VENDOR_REFUSED' : 'VENDOR_REPLY_INVALID'
}

/** Counts what comes out of the decompressor; leaving the loop ends the call. */
async function readBody(call: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of call) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw invalid('TOO_LARGE')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    // The parser's message quotes the text.
    throw invalid('NOT_JSON')
  }
}

function invalid(what: 'CONTENT_TYPE' | 'NOT_JSON' | 'SCHEMA' | 'TOO_LARGE'): VendorError {
  return new VendorError('VENDOR_REPLY_INVALID', { cause: new Error(what) })
}
