import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { serve } from '../../bench/harness/serve.ts'

/** What a poll costs at the least: Fastify as it comes, and one GET of Redis. */

const redis = new Redis(process.env.RUSH_REDIS_URL ?? '', { enableAutoPipelining: true })
const app = Fastify()
const schema = {
  response: {
    200: {
      type: 'object',
      properties: { state: { type: 'string' }, nextPollSeconds: { type: 'number' } },
    },
  },
}
await redis.set('bare:standing', JSON.stringify({ state: 'waiting', nextPollSeconds: 2 }))
app.get('/status', { schema }, async () => JSON.parse((await redis.get('bare:standing')) ?? '{}'))
await app.listen({ host: '127.0.0.1', port: 0 })

const calls = {
  // A server that listens on a port has the address of one.
  url: () => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
}

export type BareStatusCalls = typeof calls

serve(calls, async () => {
  await app.close()
  redis.disconnect()
})
