import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { credentialFileHeaders, credentialPageHeaders } from '../plugins/security.ts'
import { type Credential, fetchableUntil, findCredential, openKept } from './kept-credential.ts'
import { notFoundForAll, ownerOf } from './own-ticket.ts'
import { issuedPage } from './pages/issued.ts'

/** The credential, for its owner and nobody else. Which one it is never stands in an address. */
export function credentialRoutes(app: FastifyInstance, deps: WebDeps): void {
  const origin = new URL(deps.config.publicUrl).origin

  app.get('/credential', async (request, reply) => {
    const { ticketId, credential } = await ownCredential(deps, request)
    const { number, expiresOn } = credential
    const fetchUntil = await fetchableUntil(deps, ticketId)
    return reply
      .headers(credentialPageHeaders)
      .page((view) => issuedPage(view, { number, expiresOn, fetchUntil, origin }))
  })

  app.get<{ Querystring: { download?: unknown } }>('/credential/file', async (request, reply) => {
    const { credential } = await ownCredential(deps, request)
    const disposition = request.query.download === '1' ? 'attachment' : 'inline'
    return reply
      .headers(credentialFileHeaders)
      .header('content-disposition', `${disposition}; filename="anteroom-credential.pdf"`)
      .type('application/pdf')
      .send(Buffer.from(credential.pdf, 'base64'))
  })
}

interface OwnCredential {
  readonly ticketId: string
  readonly credential: Credential
}

/** Looks for strangers as well, at a place where nothing is: how long it takes says nothing. */
async function ownCredential(deps: WebDeps, request: FastifyRequest): Promise<OwnCredential> {
  const ticketId = ownerOf(deps, request)?.ticket.id ?? ''
  const sealed = await findCredential(deps, ticketId)
  if (sealed === undefined) throw notFoundForAll(request)
  return { ticketId, credential: await openKept(deps, { ticketId, sealed }) }
}
