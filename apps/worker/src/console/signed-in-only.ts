import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ConsoleError } from './console-error.ts'
import type { View } from './layout.ts'
import { type Sessions, sessionCookie } from './sessions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    console: View | undefined
  }
}

const form = z.object({ csrf: z.string().max(100) })

/** Whoever is not signed in is asked to. A form counts only with the token of its session. */
export function signedInOnly(
  app: FastifyInstance,
  { sessions, now }: { readonly sessions: Sessions; readonly now: () => number },
): void {
  app.decorateRequest('console', undefined)
  app.addHook('preHandler', async (request, reply) => {
    const kept = request.cookies[sessionCookie]
    const signedIn = kept === undefined ? undefined : await sessions.find(kept)
    if (!signedIn) {
      return reply.redirect(`/console/sign-in${kept === undefined ? '' : '?why=ended'}`, 303)
    }
    if (request.method === 'POST') {
      const { data } = form.safeParse(request.body)
      if (!data || !sessions.isOwnForm(signedIn, data.csrf)) {
        throw new ConsoleError(403, 'This form is not one of your session. Nothing was done.')
      }
    }
    request.console = { ...signedIn, path: request.url, now: now() }
    return undefined
  })
}

/** Who asks, on a route that only signed-in operators reach. */
export function viewOf({ console: view }: FastifyRequest): View {
  if (view) return view
  throw new ConsoleError(403, 'Sign in first.')
}
