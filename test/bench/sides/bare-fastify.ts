import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { serve } from '../harness/serve.ts'

/** Fastify as it comes, with one route that answers what a poll answers. */

const app = Fastify()
const schema = {
  response: {
    200: {
      type: 'object',
      properties: { state: { type: 'string' }, nextPollSeconds: { type: 'number' } },
    },
  },
}
app.get('/verify/status', { schema }, async () => ({ state: 'waiting', nextPollSeconds: 1 }))
await app.listen({ host: '127.0.0.1', port: 0 })

const calls = {
  // A server that listens on a port has the address of one.
  url: () => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
}

export type BareFastifyCalls = typeof calls

serve(calls)
