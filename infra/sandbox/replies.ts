import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { FinalEffect } from './decision.ts'
import type { Script } from './documents/script.ts'

type Reply = (response: ServerResponse, transactionId: string) => void

const json = { 'content-type': 'application/json' } as const
const chunk = Buffer.alloc(64 * 1024, ' ')

/** Every way in which a vendor answers, or does not. */
export const replies: Readonly<Record<FinalEffect, Reply>> = {
  match: (response, id) => {
    sendJson(response, 200, { transaction_id: id, result: 'match', reasons: [] })
  },
  'no-match': (response, id) => {
    sendJson(response, 200, { transaction_id: id, result: 'no_match', reasons: ['not_on_file'] })
  },
  error: (response) => sendJson(response, 500, { error: 'vendor_contact_failure' }),
  busy: (response) => sendBusy(response, 5),
  refused: (response) => sendJson(response, 422, { error: 'not_eligible' }),
  unreachable: (response) => {
    response.destroy()
  },
  // Whoever asked hangs up in the end, or the server stops.
  silence: () => undefined,
  'not-json': (response) => {
    response.writeHead(200, json).end('<html>Something went wrong</html>')
  },
  'wrong-schema': (response, id) => {
    sendJson(response, 200, { transaction: id, result: 'perhaps' })
  },
  'too-large': (response) => {
    response.writeHead(200, json)
    send(pipeline(spaces(64), response))
  },
  'gzip-bomb': (response) => {
    response.writeHead(200, { ...json, 'content-encoding': 'gzip' })
    send(pipeline(spaces(16_384), createGzip(), response))
  },
  redirect: (response) => {
    response.writeHead(307, { location: 'https://address.vendors.test/v1/address' }).end()
  },
  drip: (response) => {
    response.writeHead(200, json)
    const timer = setInterval(() => response.write(' '), 100)
    response.once('close', () => clearInterval(timer))
  },
}

/** What the document vendor has read, or does not accept. */
export function sendScript(response: ServerResponse, id: string, script: Script): void {
  const { kind, ...said } = script
  if (script.kind === 'status') sendJson(response, script.status, { error: 'scripted' })
  else sendJson(response, 200, { transaction_id: id, result: kind, ...said })
}

export function sendBusy(response: ServerResponse, seconds: number): void {
  response.setHeader('retry-after', seconds)
  sendJson(response, 429, { error: 'too_many_requests' })
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { ...json, 'content-length': Buffer.byteLength(text) }).end(text)
}

/** Chunks of 64 KB of white space, which JSON allows anywhere. */
function spaces(chunks: number): Readable {
  return Readable.from(Array.from({ length: chunks }, () => chunk))
}

/** That the reader hangs up half way is what these replies are for. */
function send(sending: Promise<void>): void {
  sending.catch(() => undefined)
}
