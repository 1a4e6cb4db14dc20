import type { FastifyRequest } from 'fastify'
import { hasAccounts, issuesCredentials } from '../config.ts'
import type { WebDeps } from '../deps.ts'
import type { View } from '../layout.ts'
import { texts } from '../texts/index.ts'

/** What every page is made from, beside its own data. */
export function viewOf({ assets, config, now, openid }: WebDeps, request: FastifyRequest): View {
  const { session } = request
  const page = {
    texts: texts('en'),
    assets,
    path: request.routeOptions.url ?? '',
    documents: config.documentProofing === 'required',
    vendorMayRead: config.documentVendorMayRead,
    credentials: issuesCredentials(config),
    partners: openid !== undefined,
    ...(hasAccounts(config) && ({ account: session?.signIn ? 'signed-in' : 'nobody' } as const)),
  }
  if (!session) return { ...page, csrfToken: '' }
  const absoluteSecondsLeft =
    Math.floor((session.createdAt - now()) / 1000) + config.sessionAbsoluteSeconds
  return {
    ...page,
    csrfToken: session.csrf,
    session: { idleSeconds: config.sessionIdleSeconds, absoluteSecondsLeft },
  }
}
