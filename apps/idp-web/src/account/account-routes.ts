import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { WebDeps } from '../deps.ts'
import { accountSessionsRoutes } from './account-sessions-routes.ts'
import { changeAddressRoutes } from './change-address-routes.ts'
import { changePasswordRoutes } from './change-password-routes.ts'
import { confirmRoutes } from './confirm-routes.ts'
import { deleteAccountRoutes } from './delete-account-routes.ts'
import { ownDataRoutes } from './own-data-routes.ts'
import { overviewPage } from './pages/overview.ts'
import { recoveryRoutes } from './recovery-routes.ts'
import { requireAccount } from './require-account.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { signUpRoutes } from './sign-up-routes.ts'

/** Getting an account, getting in and out, and what is in it. */
export function accountRoutes(app: FastifyInstance, deps: WebDeps): void {
  signUpRoutes(app, deps)
  signInRoutes(app, deps)
  confirmRoutes(app, deps)
  recoveryRoutes(app, deps)
  overviewRoute(app, deps)
  changePasswordRoutes(app, deps)
  changeAddressRoutes(app, deps)
  accountSessionsRoutes(app, deps)
  ownDataRoutes(app, deps)
  deleteAccountRoutes(app, deps)
}

function overviewRoute(app: FastifyInstance, deps: WebDeps): void {
  app.get('/account', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply })
    if (!owner) return reply
    const { account } = owner
    const address = await deps.accounts.openAddress(account)
    const query = overviewQuery.safeParse(request.query)
    const changed = query.success ? query.data.changed : undefined
    return reply.page((view) => overviewPage(view, { account, address, changed }))
  })
}

const overviewQuery = z.object({ changed: z.enum(['password', 'address']).optional() })
