import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { importJWK, type JWK } from 'jose'
import * as openid from 'openid-client'
import { sendPage } from '../pretend-page.ts'
import { type Asking, begin, type Told, tell } from './ask.ts'
import { type EventReceiver, eventsPath, startEventReceiver } from './event-receiver.ts'
import { eventsPage, failurePage, homePage, signedOutPage } from './pages.ts'

export const samplePartnerId = 'sample-library'

export interface SamplePartnerOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** The provider it signs people in with. */
  readonly issuer: string
  /** The private key by which it proves itself. */
  readonly key: JWK
  /** Where it is told of security events; 0 takes a free one. */
  readonly eventsPort: number
  /** PEM, for `localhost`. */
  readonly certificates: { readonly cert: string; readonly key: string }
}

export interface SamplePartner {
  readonly port: number
  readonly url: string
  readonly events: EventReceiver
  stop(): Promise<void>
}

/** What one browser has under way here, and what was told of whoever sits before it. */
interface Visit {
  asking?: Asking | undefined
  told?: Told | undefined
}

/** A small service that people can sign in to, and that shows everything it was told. It keeps all in memory. */
export async function startSamplePartner(options: SamplePartnerOptions): Promise<SamplePartner> {
  const app = Fastify({ logger: false, forceCloseConnections: true })
  await app.register(cookie)
  app.setErrorHandler((_error, _request, reply) => sendPage(reply.code(502), failurePage()))
  const { certificates, issuer, eventsPort } = options
  const events = await startEventReceiver({
    port: eventsPort,
    certificates,
    issuer,
    id: samplePartnerId,
  })
  routes(app, clientOf(options), () => url)
  app.get(eventsPath, (_request, reply) => sendPage(reply, eventsPage(events.received())))
  await app.listen({ port: options.port, host: '127.0.0.1' })
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  const url = `http://127.0.0.1:${port}`
  return {
    port,
    url,
    events,
    async stop() {
      await app.close()
      await events.stop()
    },
  }
}

/** The provider's description is fetched when it is first needed: it may start after us. */
function clientOf({ issuer, key }: SamplePartnerOptions): () => Promise<openid.Configuration> {
  let found: Promise<openid.Configuration> | undefined
  const discover = async () => {
    const imported = await importJWK(key, 'ES256')
    if (imported instanceof Uint8Array) throw new TypeError('The key is none of a pair')
    return openid.discovery(
      new URL(issuer),
      samplePartnerId,
      { id_token_signed_response_alg: 'ES256' },
      openid.PrivateKeyJwt(imported),
      // Both are on this machine.
      { execute: [openid.allowInsecureRequests] },
    )
  }
  return () => {
    found ??= discover().catch((error: unknown) => {
      found = undefined
      throw error
    })
    return found
  }
}

function routes(
  app: FastifyInstance,
  client: () => Promise<openid.Configuration>,
  url: () => string,
): void {
  const visits = new Map<string, Visit>()
  const visitOf = (request: FastifyRequest, reply: FastifyReply): Visit => {
    const known = visits.get(request.cookies[cookieName] ?? '')
    if (known) return known
    const id = randomUUID()
    const visit = {}
    visits.set(id, visit)
    reply.setCookie(cookieName, id, { path: '/', httpOnly: true, sameSite: 'lax' })
    return visit
  }

  app.get('/', (request, reply) => sendPage(reply, homePage(visitOf(request, reply).told)))

  for (const [path, isProofed] of [
    ['/sign-in', false],
    ['/sign-in/proofed', true],
  ] as const) {
    app.get(path, async (request, reply) => {
      const { asking, to } = await begin(await client(), {
        callback: `${url()}/callback`,
        isProofed,
      })
      visitOf(request, reply).asking = asking
      return reply.redirect(to, 303)
    })
  }

  app.get('/callback', async (request, reply) => {
    const visit = visitOf(request, reply)
    const { asking } = visit
    if (!asking) return reply.redirect('/', 303)
    visit.asking = undefined
    visit.told = await tell(await client(), asking, new URL(request.url, url()))
    return reply.redirect('/', 303)
  })

  app.get('/sign-out', async (request, reply) => {
    const visit = visitOf(request, reply)
    const { told } = visit
    visit.told = undefined
    if (told?.kind !== 'claims') return reply.redirect('/', 303)
    const to = openid.buildEndSessionUrl(await client(), {
      id_token_hint: told.idToken,
      post_logout_redirect_uri: `${url()}/signed-out`,
    })
    return reply.redirect(to.href, 303)
  })

  app.get('/signed-out', (_request, reply) => sendPage(reply, signedOutPage()))
}

const cookieName = 'sample-partner'
