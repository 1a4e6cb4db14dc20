import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { WebDeps } from '../../deps.ts'
import { parseForm, rejectFields } from '../../plugins/forms.ts'
import { recordEvent } from '../account-events.ts'
import { requireAccount } from '../require-account.ts'
import { mayKeepProfile, profileOf } from './keep-choice.ts'
import { identityPage } from './pages/identity.ts'
import { keepProfilePage } from './pages/keep-profile.ts'
import { profilePage } from './pages/profile.ts'
import { keepProfile, openProfile } from './profile.ts'

const profilePath = '/account/identity/profile'

/** That, when and how somebody was proofed, and what they chose to have kept. */
export function identityRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/account/identity', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply })
    return owner ? reply.page((view) => identityPage(view, owner.account)) : reply
  })

  app.get(profilePath, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, { recent: true })
    if (!owner) return reply
    const profile = await openProfile(deps, owner.account)
    if (!profile) return reply.redirect('/account/identity', 303)
    return reply.page((view) => profilePage(view, profile))
  })

  app.post(profilePath, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply })
    if (!owner) return reply
    const { keep } = parseForm(keepForm, request)
    if (!mayKeepProfile(deps.config, owner.session)) {
      return reply.redirect('/account/identity', 303)
    }
    if (keep !== 'yes') return reply.code(422).page(keepProfilePage)
    const profile = await profileOf(deps, owner.session)
    if (!profile) return reply.redirect('/account/identity', 303)
    await keepProfile(deps, owner.account.id, profile)
    await recordEvent(deps, { accountId: owner.account.id, event: 'profile-kept' }, request)
    return reply.redirect('/verify/result', 303)
  })

  app.post('/account/identity/forget', async (request, reply) => {
    const needs = { recent: true, wantedPage: profilePath }
    const owner = await requireAccount(deps, { request, reply }, needs)
    if (!owner) return reply
    rejectFields(request)
    const { id, profile } = owner.account
    if (profile !== undefined) {
      await deps.accounts.setProfile(id, null)
      await recordEvent(deps, { accountId: id, event: 'profile-removed' }, request)
    }
    return reply.redirect('/account/identity', 303)
  })
}

const keepForm = z.strictObject({ keep: z.string().max(10).optional() })
