/** How long the provider's things live, in seconds. */
export const lifetimes = {
  /** Long enough to sign up, fetch a document and be proofed. */
  Interaction: 2 * 60 * 60,
  AuthorizationCode: 60,
  /** It opens userinfo and nothing else. */
  AccessToken: 15 * 60,
  /** A partner's own: it opens what became of its security events, and nothing else. */
  ClientCredentials: 10 * 60,
  IdToken: 15 * 60,
  /** After a year people are asked anew. */
  Grant: 365 * 24 * 60 * 60,
} as const
