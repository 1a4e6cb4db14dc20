/** What the page may say of a credential, each in words and a shape of its own. */
export const verdictNames = [
  'valid',
  'not-yet-valid',
  'expired',
  'revoked',
  'altered',
  'unknown-issuer',
  'unreadable',
  'keys-too-old',
  'no-keys',
] as const

export type VerdictName = (typeof verdictNames)[number]
