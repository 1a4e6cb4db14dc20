import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { serve } from '../harness/serve.ts'

/** A partner that takes every token with 202, over TLS, and says when. */

const { BENCH_CERT_FILE = '', BENCH_KEY_FILE = '' } = process.env

let arrivals: number[] = []
let wanted = Number.POSITIVE_INFINITY
let all = Promise.withResolvers<void>()

const server = createServer(
  { cert: readFileSync(BENCH_CERT_FILE), key: readFileSync(BENCH_KEY_FILE) },
  (request, response) => {
    request.resume()
    request.once('end', () => {
      arrivals.push(performance.timeOrigin + performance.now())
      if (arrivals.length >= wanted) all.resolve()
      response.writeHead(202).end()
    })
  },
)
server.keepAliveTimeout = 60_000
server.listen({ port: 0, host: '127.0.0.1', backlog: 2_048 })
await once(server, 'listening')

const calls = {
  // A server that listens on a port has the address of one.
  port: () => (server.address() as AddressInfo).port,
  /** From now on tokens are counted anew. */
  expect(count: number) {
    arrivals = []
    wanted = count
    all = Promise.withResolvers<void>()
  },
  /** When each of those that are expected came, once all are there: milliseconds since the epoch. */
  async arrived() {
    await all.promise
    return arrivals
  },
}

export type EventReceiverCalls = typeof calls

serve(calls)
