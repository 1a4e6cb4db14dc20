/** Where the provider answers. */
export const routes = {
  authorization: '/openid/authorize',
  pushed_authorization_request: '/openid/par',
  token: '/openid/token',
  userinfo: '/openid/userinfo',
  revocation: '/openid/revoke',
  jwks: '/openid/jwks',
  end_session: '/openid/logout',
} as const

export const discoveryRoute = '/.well-known/openid-configuration'
export const interactionRoute = '/openid/interaction'

/** Where the person answers this request of a partner. */
export const interactionPath = (uid: string): string => `${interactionRoute}/${uid}`
