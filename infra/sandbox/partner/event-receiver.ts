import Fastify from 'fastify'
import { createEventVerifier, EventRefusal, type VerifiedEvent } from './verify-event.ts'

export interface ReceivedEvent extends VerifiedEvent {
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface EventReceiverOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** PEM */
  readonly certificates: { readonly cert: string; readonly key: string }
  /** Who tells of events. */
  readonly issuer: string
  /** The `aud` of tokens that do not name the URL. */
  readonly id: string
}

export interface EventReceiver {
  readonly port: number
  /** Where tokens are posted to. */
  readonly url: string
  /** What was told and is true, in the order in which it came; a repetition is not told twice. */
  received(): readonly ReceivedEvent[]
  stop(): Promise<void>
}

export const eventsPath = '/security-events'

/** Takes Security Event Tokens of either profile by push (RFC 8935), verifies each, and keeps them in memory. */
export async function startEventReceiver(options: EventReceiverOptions): Promise<EventReceiver> {
  const { certificates, issuer, id } = options
  const { cert, key } = certificates
  const received = new Map<string, ReceivedEvent>()
  const app = Fastify({ logger: false, forceCloseConnections: true, https: { cert, key } })
  const kind = { parseAs: 'string', bodyLimit: 16 * 1024 } as const
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/secevent+jwt', kind, (_request, body, done) =>
    done(null, body),
  )
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof EventRefusal)) return reply.code(statusOf(error)).send()
    reply.header('content-language', 'en-US').code(400)
    return reply.send({ err: error.err, description: 'The token was not taken.' })
  })
  app.post(eventsPath, async ({ body }, reply) => {
    const event = await verify(String(body))
    if (!received.has(event.jti)) received.set(event.jti, { ...event, at: Date.now() })
    return reply.code(202).send()
  })
  await app.listen({ port: options.port, host: '127.0.0.1' })
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  const url = `https://localhost:${port}${eventsPath}`
  const verify = createEventVerifier({ issuer, audience: [url, id] })
  return { port, url, received: () => [...received.values()], stop: () => app.close() }
}

/** The keys cannot be fetched: the token may be good, and is to be sent again. */
function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 503
}
