import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { credentialFileHeaders, credentialPageHeaders } from '../plugins/security.ts'
import { type Credential, fetchTime, findCredential, openKept } from './kept-credential.ts'
import { notFoundForAll, type Owner, ownerOf } from './own-ticket.ts'
import { issuedPage } from './pages/issued.ts'
import { openReceivers } from './send-credential.ts'
import { spendVerification } from './spend-verification.ts'

/** The credential, for its owner and nobody else. Which one it is never stands in an address. */
export function credentialRoutes(app: FastifyInstance, deps: WebDeps): void {
  const origin = new URL(deps.config.publicUrl).origin

  app.get('/credential', async (request, reply) => {
    const { owner, credential } = await ownCredential(deps, request)
    await spendVerification(deps, owner)
    const { number, expiresOn } = credential
    const time = await fetchTime(deps, owner.ticket.id)
    const canBeSent = (await openReceivers(deps)).length > 0
    return reply
      .headers(credentialPageHeaders)
      .page((view) => issuedPage(view, { number, expiresOn, ...time, origin, canBeSent }))
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
  readonly owner: Owner
  readonly credential: Credential
}

/** Looks for strangers as well, at a place where nothing is: how long it takes says nothing. */
async function ownCredential(deps: WebDeps, request: FastifyRequest): Promise<OwnCredential> {
  const owner = ownerOf(deps, request)
  const sealed = await findCredential(deps, owner?.ticket.id ?? '')
  if (!owner || sealed === undefined) throw notFoundForAll(request)
  return { owner, credential: await openKept(deps, { ticketId: owner.ticket.id, sealed }) }
}
