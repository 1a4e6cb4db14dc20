import type { AccountClaims, Configuration, FindAccount, KoaContextWithOIDC } from 'oidc-provider'
import { errors } from 'oidc-provider'
import type { Account } from '../account/accounts.ts'
import { canonicalAddress } from '../account/address.ts'
import { accountClaims } from './account-claims.ts'
import { adapterFor } from './adapter.ts'
import { type Asked, askedBy, attributesOfClaims } from './asked.ts'
import { acrValues } from './assurance.ts'
import { type Attribute, attributesOfScopes, claimsOfScope, scopes } from './attributes.ts'
import { clientOf, eventsScope } from './client.ts'
import { grantedBy } from './granted.ts'
import { lifetimes } from './lifetimes.ts'
import type { Openid } from './openid.ts'
import { createPolicy } from './policy.ts'
import type { ProviderParts } from './provider.ts'
import { interactionRoute, routes } from './routes.ts'
import { subjectFor } from './subjects.ts'

/** What the library is told. What it leaves to us is said here in full: it warns of every default of its own that is used. */
export function configurationFor(parts: ProviderParts): Configuration {
  const { deps, openid } = parts
  const { settings, partners, grants } = openid
  const { config, redis, accountSessions, now } = deps
  const partnerOf = (id: string) => {
    const partner = partners.get(id)
    if (!partner) throw new errors.InvalidClient('client is not known', id)
    return partner
  }
  return {
    adapter: (kind) => adapterFor({ redis, accountSessions, now, grants }, kind),
    clients: [...partners.values()].map(clientOf),
    jwks: { keys: [...settings.signingKeys] },
    routes,
    ...vocabulary,
    ...rules,
    features: featuresFor(parts),
    assertJwtClientAuthClaimsAndHeader: async (_ctx, { exp }) => {
      if (Number(exp) * 1000 <= now() + longestAssertionMs) return
      throw new errors.InvalidClientAuth('client assertions are good for ten minutes at most')
    },
    cookies: cookiesFor(config),
    ttl: { ...lifetimes, Session: config.sessionAbsoluteSeconds },
    interactions: {
      url: (_ctx, interaction) => `${interactionRoute}/${interaction.uid}`,
      policy: createPolicy({
        partners,
        readAccount: (id) => deps.accounts.read(id),
        documents: config.documentProofing === 'required',
      }),
    },
    pairwiseIdentifier: (_ctx, accountId, { clientId }) =>
      subjectFor(settings.subjectKey, partnerOf(clientId), accountId),
    findAccount: findAccountBy(parts),
    loadExistingGrant: (ctx) => loadGrant(parts, ctx),
    renderError: (ctx, { error, error_description }) => {
      // Pages are ours; what this says is for the route that asked.
      ctx.body = { error, error_description }
    },
  }
}

/** Each is remembered for as long as it is good. */
const longestAssertionMs = 10 * 60 * 1000

const vocabulary = {
  scopes: [...scopes, eventsScope],
  claims: { acr: null, amr: null, auth_time: null, ...claimsOfScope },
  acrValues,
  subjectTypes: ['pairwise'],
  responseTypes: ['code'],
  clientAuthMethods: ['private_key_jwt', 'client_secret_basic'],
  enabledJWA: {
    idTokenSigningAlgValues: ['ES256', 'RS256'],
    clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256'],
  },
  discovery: { ui_locales_supported: ['en-US'] },
} satisfies Configuration

const rules = {
  // Claims by scope are told at userinfo alone; the ID token holds what `claims` asks for there.
  conformIdTokenClaims: true,
  pkce: { required: () => true },
  // A code or token counts while its session is signed in, which is looked at with the account.
  expiresWithSession: async () => false,
  // Tokens can be taken back; what the person allowed is theirs to take back.
  revokeGrantPolicy: () => false,
  clientBasedCORS: () => false,
  allowOmittingSingleRegisteredRedirectUri: false,
  clockTolerance: 10,
  // Partners' keys stand in their file: the provider fetches nothing.
  fetch: async () => {
    throw new Error('The provider has no way to the outside')
  },
} satisfies Configuration

function featuresFor({ openid: { partners } }: ProviderParts): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    claimsParameter: {
      enabled: true,
      assertClaimsParameter: (_ctx, { userinfo = {}, id_token = {} }, client) => {
        const partner = partners.get(client.clientId)
        const allowed = attributesOfScopes(partner?.scopes ?? [])
        const asked = [
          ...attributesOfClaims({ ...userinfo }),
          ...attributesOfClaims({ ...id_token }),
        ]
        if (asked.every((attribute) => allowed.includes(attribute))) return
        throw new errors.InvalidRequest('claims asks for more than this client may be told')
      },
    },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: { enabled: false },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId,
    },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
  }
}

/** Signed with the keys of all our cookies. Those of a request lie on a path of their own, which `__Host-` forbids. */
function cookiesFor({
  cookieKeys,
  publicUrl,
}: ProviderParts['deps']['config']): Configuration['cookies'] {
  const isSecure = publicUrl.startsWith('https:')
  const options = { httpOnly: true, sameSite: 'lax', signed: true, secure: isSecure } as const
  const prefix = isSecure ? '__Secure-' : ''
  return {
    keys: cookieKeys.map(({ key }) => Buffer.from(key).toString('base64url')),
    names: {
      session: providerSessionCookie,
      interaction: `${prefix}anteroom-openid-request`,
      resume: `${prefix}anteroom-openid-resume`,
    },
    long: options,
    short: options,
  }
}

/** Its session cookie is taken off every answer, so it needs no prefix. */
export const providerSessionCookie = 'anteroom-openid-session'

/** An account and what may be told of it. A code or token of a session that has ended finds none. */
function findAccountBy(parts: ProviderParts): FindAccount {
  const { deps, openid } = parts
  return async (ctx, accountId, token) => {
    const slot = token && 'sessionUid' in token ? token.sessionUid : ctx.oidc.session?.uid
    if (token && !(slot && (await deps.accountSessions.has(accountId, slot)))) return undefined
    const account = await deps.accounts.read(accountId)
    if (!account || account.suspendedAt !== undefined) return undefined
    return {
      accountId,
      async claims(use, scope, claims): Promise<AccountClaims> {
        const granted = grantedNow(openid, ctx)
        const isAsked =
          (use === 'userinfo' && scope.split(' ').includes('email')) || 'email' in claims
        if (isAsked && granted.includes('email')) await noteToldAddress(parts, ctx, account)
        const wanted = {
          granted,
          ial: askedWith(token).ial,
          slot: slot ?? '',
          verified: claims.verified_claims,
        }
        return { sub: accountId, ...(await accountClaims(deps, account, wanted)) }
      },
    }
  }
}

/** Before it is told: only who was told an address may hear that it is no longer good. */
async function noteToldAddress(
  { deps, openid }: ProviderParts,
  { oidc }: KoaContextWithOIDC,
  account: Account,
): Promise<void> {
  const partner = openid.partners.get(oidc.client?.clientId ?? '')
  if (!partner?.security_events?.email_events) return
  const address = canonicalAddress(await deps.accounts.openAddress(account))
  const [hash = ''] = deps.fingerprints.address(address)
  await openid.grants.noteTold(account.id, partner.id, hash)
}

/** What the person allowed this partner, as far as the partners file still does. */
function grantedNow({ partners }: Openid, { oidc }: KoaContextWithOIDC): readonly Attribute[] {
  const { scopes: allowed = [] } = partners.get(oidc.client?.clientId ?? '') ?? {}
  const mayKnow = attributesOfScopes(allowed)
  return grantedBy(oidc.grant).filter((attribute) => mayKnow.includes(attribute))
}

/** What the request asked for that this code or token came of. The provider adds `acr_values` to its claims. */
function askedWith(token: Parameters<FindAccount>[2]): Asked {
  if (!token || !('scope' in token)) return askedBy({})
  const claims = 'claims' in token ? token.claims : undefined
  return askedBy({ scope: token.scope, claims: JSON.stringify(claims ?? {}) })
}

/** What this person allowed this partner before, in whatever session. */
async function loadGrant({ openid: { grants } }: ProviderParts, ctx: KoaContextWithOIDC) {
  const { account, client, provider } = ctx.oidc
  if (!account || !client) return undefined
  const found = await grants.findFor(account.accountId, client.clientId)
  return found && provider.Grant.find(found.id)
}
