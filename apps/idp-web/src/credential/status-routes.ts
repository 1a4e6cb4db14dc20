import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { HttpError } from '../plugins/http-error.ts'
import { streamAnswer } from '../proofing/answer-stream.ts'
import { pollingTicket } from './own-ticket.ts'

/** The longest that one event stream lasts; whoever still wants one opens another. */
const streamMs = 10 * 60 * 1000

/** Where a person stands, for the page's script and for apps: docs/waiting-room.md is the contract. */
export function statusRoutes(app: FastifyInstance, deps: WebDeps): void {
  const forScripts = { config: { json: true, quiet: true, rateLimit: false } } as const

  app.get<{ Querystring: { page?: unknown } }>(
    '/credential/line/status',
    { ...forScripts, schema: statusSchema },
    async (request, reply) => {
      const ticket = await pollingTicket(deps, request)
      if (!ticket) return reply.code(404).send({ state: 'ended' })
      return deps.line.standing(ticket, request.query.page === 'hidden' ? 'hidden' : 'visible')
    },
  )

  app.get('/credential/line/events', forScripts, async (request, reply) => {
    const ticket = await pollingTicket(deps, request)
    if (!ticket) return reply.code(404).send({ state: 'ended' })
    // The page polls as well, so a tab too many is not left without news.
    if (!deps.outcomes.hasRoom(ticket.id)) throw new HttpError(429, 'TOO_MANY_STREAMS')
    return streamAnswer(deps, { jobId: ticket.id, deadlineAt: deps.now() + streamMs }, reply)
  })
}

const wait = {
  type: 'object',
  properties: {
    low: { type: 'number' },
    likely: { type: 'number' },
    high: { type: 'number' },
  },
} as const

/** Written out by a serializer made for it: everybody in the line asks again and again. */
const statusSchema = {
  response: {
    200: {
      type: 'object',
      required: ['state'],
      properties: {
        state: { type: 'string' },
        ahead: { type: 'number' },
        inLine: { type: 'number' },
        wait,
        paused: { type: 'string' },
        message: { type: 'string' },
        nextPollSeconds: { type: 'number' },
        leaseSeconds: { type: 'number' },
        listen: { type: 'boolean' },
        reason: { type: 'string' },
        keepsPlace: { type: 'boolean' },
        backUntil: { type: 'number' },
        why: { type: 'string' },
      },
    },
    404: { type: 'object', properties: { state: { type: 'string' } } },
  },
} as const
