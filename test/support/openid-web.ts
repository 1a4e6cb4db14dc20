import { randomBytes } from 'node:crypto'
import { freePort } from '@anteroom/infra/local/ports.ts'
import * as openid from 'openid-client'
import {
  libraryCallback,
  type MoreOfPartners,
  newSigningKey,
  type TestPartners,
  taxesCallback,
  writePartners,
} from './openid-partners.ts'
import { startTestWeb, type TestWeb, type TestWebOptions } from './web.ts'

/** The web at an address of its own, where partners' servers reach it. */
export interface OpenidWeb {
  readonly web: TestWeb
  readonly issuer: string
  readonly partners: TestPartners
  /** What `openid-client`, another implementation than ours, makes of a partner. */
  library(): Promise<openid.Configuration>
  taxes(): Promise<openid.Configuration>
  stop(): Promise<void>
}

export const subjectKey = randomBytes(32).toString('base64url')

export interface OpenidWebOptions extends TestWebOptions {
  readonly partners?: readonly object[]
  readonly moreOf?: MoreOfPartners
}

export async function startOpenidWeb(
  settings: Record<string, string> = {},
  { partners: more = [], moreOf = {}, ...options }: OpenidWebOptions = {},
): Promise<OpenidWeb> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const partners = await writePartners(more, moreOf)
  const keys = [await newSigningKey('ES256'), await newSigningKey('RS256')]
  const web = await startTestWeb(
    {
      ANTEROOM_PUBLIC_URL: issuer,
      ANTEROOM_ACCOUNTS: 'optional',
      // Without documents nobody is proofed as partners want it.
      ANTEROOM_DOCUMENT_PROOFING: 'required',
      ANTEROOM_DOCUMENT_BUCKET: 'documents',
      ANTEROOM_PARTNERS_FILE: partners.file,
      ANTEROOM_OPENID_SIGNING_KEYS: JSON.stringify(keys),
      ANTEROOM_OPENID_SUBJECT_KEY: subjectKey,
      ...settings,
    },
    options,
  )
  await web.app.listen({ port, host: '127.0.0.1' })
  const discover = (id: string, auth: openid.ClientAuth, alg: string) =>
    openid.discovery(new URL(issuer), id, { id_token_signed_response_alg: alg }, auth, {
      execute: [openid.allowInsecureRequests],
    })
  return {
    web,
    issuer,
    partners,
    library: () => discover('library', openid.PrivateKeyJwt(partners.key), 'ES256'),
    taxes: () => discover('taxes', openid.ClientSecretBasic(partners.secret), 'RS256'),
    async stop() {
      await web.stop()
      await partners.remove()
    },
  }
}

/** A partner's request, under way. */
export interface Asking {
  readonly client: openid.Configuration
  readonly verifier: string
  readonly state: string
  readonly nonce: string
  /** Where the browser is sent: path and query. */
  readonly path: string
}

/** Asks as a partner does: PKCE and PAR, or without PAR where `query` says so. */
export async function ask(
  client: openid.Configuration,
  parameters: Record<string, string> = {},
  { query = false }: { query?: boolean } = {},
): Promise<Asking> {
  const verifier = openid.randomPKCECodeVerifier()
  const state = openid.randomState()
  const nonce = openid.randomNonce()
  const all = {
    redirect_uri: client.clientMetadata().client_id === 'library' ? libraryCallback : taxesCallback,
    scope: 'openid email',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  }
  const url = query
    ? openid.buildAuthorizationUrl(client, all)
    : await openid.buildAuthorizationUrlWithPAR(client, all)
  return { client, verifier, state, nonce, path: `${url.pathname}${url.search}` }
}

/** Takes the code that the browser came back with. */
export function redeem(
  { client, verifier, state, nonce }: Asking,
  callback: string,
  changes: openid.AuthorizationCodeGrantChecks = {},
): Promise<openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers> {
  return openid.authorizationCodeGrant(client, new URL(callback), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
    ...changes,
  })
}
