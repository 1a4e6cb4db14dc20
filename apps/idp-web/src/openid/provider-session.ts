import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { acrOf, amrOf } from './assurance.ts'
import { visitorOf } from './visitors.ts'

/**
 * The provider has no sessions of its own: whoever is signed in with us is signed in with it, as long, as the same
 * account and by the same means. It is asked for the session at the beginning of every request that has one, through this
 * one function of its own.
 */
export function linkSessions(provider: Provider): void {
  const { Session } = provider
  const get = async (ctx: KoaContextWithOIDC) => {
    const session = sessionFor(provider, ctx)
    ctx.oidc.entity('Session', session)
    return session
  }
  Object.defineProperty(Session, 'get', { value: get })
}

function sessionFor({ Session }: Provider, { req }: KoaContextWithOIDC) {
  const { session: ours, signIn } = visitorOf(req)
  if (!ours || !signIn) return new Session()
  // Kept at the end of the request like one that has changed, so that it is found by our slot.
  const session = Object.assign(new Session(), { uid: ours.slot, touched: true })
  session.loginAccount({
    accountId: signIn.accountId,
    loginTs: Math.floor(signIn.at / 1000),
    acr: acrOf(signIn.methods),
    amr: amrOf(signIn.methods),
  })
  return session
}
