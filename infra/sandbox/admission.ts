import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { documentsRequest, toDocumentsCase } from './documents/request.ts'
import type { Script } from './documents/script.ts'
import { Refusal } from './refusal.ts'
import { type Question, requestSchemas } from './requests.ts'
import { couldBeReal, type VendorName, vendorNames } from './scenarios.ts'

const maxBodyBytes = 64 * 1024
/** Two images of 15 MB in base64. */
const maxDocumentsBytes = 44 * 1024 * 1024
const keyPattern = /^[\w.:-]{16,128}$/
const tracePattern = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

export const vendorHosts = vendorNames.map((name) => `${name}.vendors.test`)

export interface Admitted {
  readonly vendor: VendorName
  readonly idempotencyKey: string
  readonly traceparent: string
  readonly question: Question
  /** What the document vendor has to say; only of that vendor. */
  readonly script?: Script
}

/** Lets a well-formed request in. @throws Refusal */
export async function admit(
  request: IncomingMessage,
  tokens: readonly string[],
): Promise<Admitted> {
  const vendor = vendorOf(request)
  if (request.url !== pathOf(vendor)) throw new Refusal(404, 'not_found')
  if (request.method !== 'POST') throw new Refusal(405, 'method_not_allowed')
  checkToken(request, tokens)
  const keys = keysOf(request)
  const body = parseJson(await readBody(request, vendor))
  if (vendor === 'documents') {
    return { vendor, ...keys, ...toDocumentsCase(parse(documentsRequest, body)) }
  }
  const question: Question = parse(requestSchemas[vendor], body)
  if (question.ssn !== undefined && couldBeReal(question.ssn)) {
    throw new Refusal(422, 'refused_real_ssn')
  }
  return { vendor, ...keys, question }
}

export function checkToken({ headers }: IncomingMessage, tokens: readonly string[]): void {
  const given = digest(headers.authorization ?? '')
  const isKnown =
    tokens.filter((token) => timingSafeEqual(given, digest(`Bearer ${token}`))).length > 0
  if (!isKnown) throw new Refusal(401, 'unauthorized')
}

function pathOf(vendor: VendorName): string {
  return vendor === 'registry' ? '/v1/credentials' : `/v1/${vendor}`
}

export function vendorOf({ headers }: IncomingMessage): VendorName {
  const host = headers.host?.replace(/:\d+$/, '').toLowerCase()
  const vendor = vendorNames.find((name) => host === `${name}.vendors.test`)
  if (!vendor) throw new Refusal(421, 'unknown_host')
  return vendor
}

function keysOf({ headers }: IncomingMessage): Pick<Admitted, 'idempotencyKey' | 'traceparent'> {
  const { 'idempotency-key': key, traceparent, 'content-type': type } = headers
  if (!/^application\/json\s*(;|$)/i.test(type ?? '')) throw new Refusal(415, 'json_only')
  if (typeof key !== 'string' || !keyPattern.test(key)) throw new Refusal(400, 'idempotency_key')
  if (typeof traceparent !== 'string' || !tracePattern.test(traceparent)) {
    throw new Refusal(400, 'traceparent')
  }
  return { idempotencyKey: key, traceparent }
}

export async function readBody(request: IncomingMessage, vendor?: VendorName): Promise<string> {
  const maxBytes = vendor === 'documents' ? maxDocumentsBytes : maxBodyBytes
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop must not cut the connection: the refusal goes back on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new Refusal(413, 'too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new Refusal(422, 'invalid_request')
  return parsed.data
}

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new Refusal(400, 'invalid_json')
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
