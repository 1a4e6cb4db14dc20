import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import { recordEvent } from './account-events.ts'
import { parseSlotForm } from './account-forms.ts'
import { sessionsPage } from './pages/sessions.ts'
import { type Owner, requireAccount } from './require-account.ts'

/** Where somebody is signed in. To be signed out elsewhere nobody has to show more than that they are here. */
export function accountSessionsRoutes(app: FastifyInstance, deps: WebDeps): void {
  const idleMinutes = Math.round(deps.config.sessionIdleSeconds / 60)

  app.get('/account/sessions', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply })
    if (!owner) return reply
    const sessions = await deps.accountSessions.list(owner.account.id)
    const { slot } = owner.session
    return reply.page((view) => sessionsPage(view, { sessions, slot, idleMinutes }))
  })

  app.post('/account/sessions', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply })
    if (!owner) return reply
    const ended = await deps.accountSessions.end(owner.account.id, [parseSlotForm(request)])
    await noteEnded(deps, { owner, request }, ended)
    return reply.redirect('/account/sessions', 303)
  })

  app.post('/account/sessions/others', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply })
    if (!owner) return reply
    rejectFields(request)
    const ended = await deps.accountSessions.endOthers(owner.account.id, owner.session.slot)
    await noteEnded(deps, { owner, request }, ended)
    return reply.redirect('/account/sessions', 303)
  })
}

async function noteEnded(
  deps: WebDeps,
  { owner, request }: { readonly owner: Owner; readonly request: FastifyRequest },
  ended: number,
): Promise<void> {
  if (ended === 0) return
  await recordEvent(deps, { accountId: owner.account.id, event: 'session-ended' }, request)
}
