import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import got from 'got'
import { inFlight, type Load } from '../harness/pace.ts'
import { serve } from '../harness/serve.ts'

/** A loop that posts one text over and over with got, over connections that it keeps. No queue, no proxy, no database. */

const { BENCH_CA_FILE = '', BENCH_URL = '' } = process.env

const client = got.extend({
  method: 'POST',
  // What a signed token weighs.
  body: 'x'.repeat(900),
  headers: { accept: 'application/json', 'content-type': 'application/secevent+jwt' },
  agent: { https: new Agent({ keepAlive: true, ca: readFileSync(BENCH_CA_FILE) }) },
  retry: { limit: 0 },
})

const calls = {
  post: (load: Load) => inFlight(load, () => client(BENCH_URL)),
  /** When it was sent: milliseconds since the epoch. */
  async postOne() {
    const sentAt = performance.timeOrigin + performance.now()
    await client(BENCH_URL)
    return sentAt
  },
}

export type BarePosterCalls = typeof calls

serve(calls)
