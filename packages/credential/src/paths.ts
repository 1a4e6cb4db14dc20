/** Where the web serves what checks a credential. */
export const paths = {
  /** The page that a printed code opens; the token follows as the fragment. */
  page: '/v',
  keys: '/.well-known/jwks.json',
  revocations: '/.well-known/credential-revocations',
} as const
