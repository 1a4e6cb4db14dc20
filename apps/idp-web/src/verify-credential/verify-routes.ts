import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { paths } from '@anteroom/credential'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { renderHtml } from '../html.ts'
import { checkingHeaders, publicDataHeaders, serviceWorkerHeaders } from '../plugins/security.ts'
import { viewOf } from '../plugins/view.ts'
import { type PublicText, publicText } from './public-text.ts'
import { issuerOf } from './revocation-lists.ts'
import { verifyPage } from './verify-page.ts'

/**
 * What anybody needs to check a credential. All of it is public and the same for everybody, so it is not counted against
 * the request limit either: at a busy entrance many check behind one address.
 */
export function verifyRoutes(app: FastifyInstance, deps: WebDeps): void {
  const { config, assets, assetsFolder, revocationLists } = deps
  const { credentialPublicKeys: keys, credentialIssuerName: issuerName } = config
  if (!keys || !revocationLists) return
  const forAll = { anonymous: true, rateLimit: false } as const

  app.get(paths.page, { config: forAll }, (request, reply) => {
    const page = verifyPage(viewOf(deps, request), { issuer: issuerOf(config), issuerName })
    const body = {
      content: publicText(renderHtml(page)),
      type: 'text/html; charset=utf-8',
      maxAgeSeconds: 0,
    }
    return sendPublic(request, reply.headers(checkingHeaders), body)
  })

  const script = publicText(
    readFileSync(join(assetsFolder, basename(assets['verify-offline'])), 'utf8'),
  )
  app.get(`${paths.page}/offline.js`, { config: forAll }, (request, reply) => {
    // From its own folder it could only serve what lies there.
    reply.headers({ ...serviceWorkerHeaders, 'service-worker-allowed': paths.page })
    const body = { content: script, type: 'text/javascript; charset=utf-8', maxAgeSeconds: 0 }
    return sendPublic(request, reply, body)
  })

  const forAllSites = { config: { ...forAll, json: true } } as const
  const set = publicText(JSON.stringify({ keys }))
  app.get(paths.keys, forAllSites, (request, reply) => {
    const body = { content: set, type: 'application/jwk-set+json', maxAgeSeconds: 3_600 }
    return sendPublic(request, reply.headers(publicDataHeaders), body)
  })

  app.get(paths.revocations, forAllSites, async (request, reply) => {
    reply.headers(publicDataHeaders)
    const list = await revocationLists.newest()
    if (list === undefined) return reply.code(404).send({ error: 404 })
    return sendPublic(request, reply, {
      content: list,
      type: 'application/jose',
      maxAgeSeconds: 300,
    })
  })
}

interface PublicBody {
  readonly content: PublicText
  readonly type: string
  /** How long it may be shown without asking; then whoever has it is told whether it changed. */
  readonly maxAgeSeconds: number
}

function sendPublic(
  request: FastifyRequest,
  reply: FastifyReply,
  { content: { text, etag }, type, maxAgeSeconds }: PublicBody,
): FastifyReply {
  const keep = maxAgeSeconds === 0 ? 'no-cache' : `max-age=${maxAgeSeconds}`
  reply.headers({ etag, 'cache-control': `public, ${keep}` })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  return reply.type(type).send(text)
}
