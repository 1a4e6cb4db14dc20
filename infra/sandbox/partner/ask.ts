import * as openid from 'openid-client'

/** A request under way: what its answer must fit. */
export interface Asking {
  readonly verifier: string
  readonly state: string
  readonly nonce: string
}

/** What the partner was told, or that it was told nothing. */
export type Told =
  | {
      readonly kind: 'claims'
      readonly idToken: string
      /** Of the ID token, and of userinfo. */
      readonly signedIn: Readonly<Record<string, unknown>>
      readonly about: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'refused'; readonly error: string }

const everything = {
  scope: 'openid email profile address phone identity_assurance',
  acr_values: 'http://idmanagement.gov/ns/assurance/ial/2',
  claims: JSON.stringify({
    id_token: { verified_claims: { claims: { given_name: null, family_name: null } } },
  }),
}

/** Pushes a request with PKCE, and says where the browser goes with it. */
export async function begin(
  client: openid.Configuration,
  { callback, isProofed }: { readonly callback: string; readonly isProofed: boolean },
): Promise<{ asking: Asking; to: string }> {
  const asking = {
    verifier: openid.randomPKCECodeVerifier(),
    state: openid.randomState(),
    nonce: openid.randomNonce(),
  }
  const to = await openid.buildAuthorizationUrlWithPAR(client, {
    redirect_uri: callback,
    scope: 'openid email',
    ...(isProofed && everything),
    state: asking.state,
    nonce: asking.nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(asking.verifier),
    code_challenge_method: 'S256',
  })
  return { asking, to: to.href }
}

/** Takes the code to the provider, and asks it about the person. */
export async function tell(
  client: openid.Configuration,
  { verifier, state, nonce }: Asking,
  callback: URL,
): Promise<Told> {
  const error = callback.searchParams.get('error')
  if (error !== null) return { kind: 'refused', error }
  const tokens = await openid.authorizationCodeGrant(client, callback, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  const signedIn = { ...tokens.claims() }
  const about = await openid.fetchUserInfo(client, tokens.access_token, String(signedIn.sub))
  return { kind: 'claims', idToken: tokens.id_token ?? '', signedIn, about }
}
