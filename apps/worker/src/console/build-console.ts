import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import Fastify, { type FastifyInstance } from 'fastify'
import type { ConsoleDeps } from './console-deps.ts'
import { errors } from './errors.ts'
import { createOperatorPasswords } from './operator-passwords.ts'
import { ownRequestsOnly } from './own-requests-only.ts'
import { actionRoutes } from './routes/action-routes.ts'
import { deadRoutes } from './routes/dead-routes.ts'
import { lineRoutes } from './routes/line-routes.ts'
import { lookRoutes } from './routes/look-routes.ts'
import { signInRoutes } from './routes/sign-in-routes.ts'
import { security } from './security.ts'
import { createSessions } from './sessions.ts'
import { signedInOnly } from './signed-in-only.ts'
import { styles } from './styles.ts'

/** The operators' console: what holds for every request first, then one part after the other. */
export async function buildConsole(deps: ConsoleDeps): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    routerOptions: { maxParamLength: 100 },
  })
  const sessions = createSessions(deps)

  security(app)
  errors(app, deps)
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: 64 * 1024 })
  ownRequestsOnly(app, deps)

  app.get('/console/styles.css', (_request, reply) => reply.type('text/css').send(styles))
  signInRoutes(app, { ...deps, sessions, passwords: createOperatorPasswords(deps.operators) })
  await app.register((inside, _options, done) => {
    signedInOnly(inside, { sessions, now: deps.now })
    lookRoutes(inside, deps)
    actionRoutes(inside, deps)
    deadRoutes(inside, deps)
    lineRoutes(inside, deps)
    done()
  })
  await app.ready()
  return app
}
