import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { recordEvent } from '../account/account-events.ts'
import { requireSignIn } from '../account/signed-in.ts'
import { parseForm } from '../plugins/forms.ts'
import { connectedServices } from './connected-services.ts'
import { servicesPage } from './pages/services.ts'
import type { ProviderParts } from './provider.ts'

/** What the account tells partners, and taking it back. */
export function servicesRoutes(app: FastifyInstance, { deps, openid }: ProviderParts): void {
  app.get('/account/services', async (request, reply) => {
    const signIn = await requireSignIn(deps, { request, reply })
    if (!signIn) return reply
    const services = await connectedServices(openid, signIn.accountId)
    return reply.page((view) => servicesPage(view, services))
  })

  // Codes and tokens count only while the grant they came of is there.
  app.post('/account/services/revoke', async (request, reply) => {
    const signIn = await requireSignIn(deps, { request, reply })
    if (!signIn) return reply
    const { partner } = parseForm(revocation, request)
    const { accountId } = signIn
    if (await openid.grants.revoke(accountId, partner)) {
      await recordEvent(deps, { accountId, event: 'service-revoked' }, request)
    }
    return reply.redirect('/account/services', 303)
  })
}

const revocation = z.strictObject({ partner: z.string().max(100) })
