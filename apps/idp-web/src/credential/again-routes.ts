import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { openProfile } from '../account/identity/profile.ts'
import { requireAccount } from '../account/require-account.ts'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import { isVerified } from '../proofing/steps.ts'
import type { Session } from '../session/session.ts'
import { enterLine, offerLine, placeNow } from './enter-line.ts'
import type { Wanted } from './join-line.ts'
import { notFoundForAll, ownerOf } from './own-ticket.ts'

const path = '/account/identity/credential'

/** The same credential once more, for whoever has their details kept in their account: nobody is verified anew for it. */
export function againRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get(path, async (request, reply) => {
    const mine = await keptCredential(deps, { request, reply })
    if (!mine) return reply
    if ((await placeNow(deps, request)) && ownerOf(deps, request)) {
      return reply.redirect('/credential/line', 303)
    }
    return offerLine(deps, reply, path)
  })

  app.post(path, async (request, reply) => {
    const mine = await keptCredential(deps, { request, reply })
    if (!mine) return reply
    rejectFields(request)
    const owner = ownerOf(deps, request)
    const place = await placeNow(deps, request)
    if (owner && place) return reply.redirect('/credential/line', 303)
    if (place === 'issued') throw notFoundForAll(request)
    return enterLine(deps, { request, reply, ...mine })
  })
}

/** Undefined, and sent elsewhere, if they are not signed in, had nothing kept, or have a new verification to use first. */
async function keptCredential(
  deps: WebDeps,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<{ readonly session: Session; readonly wanted: Wanted } | undefined> {
  const owner = await requireAccount(deps, { request, reply }, { recent: true })
  if (!owner) return undefined
  const { session, account } = owner
  const profile = await openProfile(deps, account)
  const { credentialId, ssnHashes = [] } = profile ?? {}
  if (!profile || credentialId === undefined || isVerified(session)) {
    reply.redirect(isVerified(session) ? '/credential/start' : '/account/identity', 303)
    return undefined
  }
  const { firstName, lastName, dateOfBirth } = profile
  return { session, wanted: { credentialId, firstName, lastName, dateOfBirth, subject: ssnHashes } }
}
