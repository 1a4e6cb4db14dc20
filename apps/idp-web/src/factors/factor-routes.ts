import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { addAppRoutes } from './add-app-routes.ts'
import { addPasskeyRoutes } from './add-passkey-routes.ts'
import { backupCodeRoutes } from './backup-code-routes.ts'
import { factorListRoutes } from './factor-list-routes.ts'
import { passkeySignInRoutes } from './passkey-sign-in-routes.ts'
import { secondFactorRoutes } from './second-factor-routes.ts'

/** What people have beside a password: signing in with it, and looking after it. */
export function factorRoutes(app: FastifyInstance, deps: WebDeps): void {
  secondFactorRoutes(app, deps)
  passkeySignInRoutes(app, deps)
  factorListRoutes(app, deps)
  addPasskeyRoutes(app, deps)
  addAppRoutes(app, deps)
  backupCodeRoutes(app, deps)
}
