/** What a partner can be told about a person, as the consent page names it, and the claims it is told in. */
const claimsOf = {
  email: ['email', 'email_verified'],
  name: ['given_name', 'family_name'],
  birthdate: ['birthdate'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified', 'phone', 'phone_verified'],
  /** That the person was proofed, when and how. */
  proofing: ['verified_at', 'verified_claims'],
} as const satisfies Record<string, readonly string[]>

export type Attribute = keyof typeof claimsOf
export const attributes = ['email', 'name', 'birthdate', 'address', 'phone', 'proofing'] as const

/** Scopes by the names that Login.gov gave them, and one of our own for `verified_claims`. */
const attributesOfScope = {
  openid: [],
  email: ['email'],
  profile: ['name', 'birthdate', 'proofing'],
  'profile:name': ['name'],
  'profile:birthdate': ['birthdate'],
  'profile:verified_at': ['proofing'],
  address: ['address'],
  phone: ['phone'],
  identity_assurance: ['proofing'],
} as const satisfies Record<string, readonly Attribute[]>

export const scopes = [
  'openid',
  'email',
  'profile',
  'profile:name',
  'profile:birthdate',
  'profile:verified_at',
  'address',
  'phone',
  'identity_assurance',
] as const
export type Scope = (typeof scopes)[number]

/** The claims that each scope stands for, as the provider is configured with them. */
export const claimsOfScope: Readonly<Record<Scope, string[]>> = {
  // Who signed in, how well, and how: all of that says nothing about who they are.
  openid: ['sub', 'acr', 'amr', 'auth_time', 'ial'],
  email: [...claimsOf.email],
  profile: [...claimsOf.name, ...claimsOf.birthdate, 'verified_at'],
  'profile:name': [...claimsOf.name],
  'profile:birthdate': [...claimsOf.birthdate],
  'profile:verified_at': ['verified_at'],
  address: [...claimsOf.address],
  phone: [...claimsOf.phone],
  identity_assurance: ['verified_claims'],
}

/** Everything but the address of the account is known of proofed people alone. */
export function needsProofing(attribute: Attribute): boolean {
  return attribute !== 'email'
}

export function claimsOfAttribute(attribute: Attribute): readonly string[] {
  return claimsOf[attribute]
}

/** Undefined for a claim that is not about the person, or that we do not know. */
export function attributeOfClaim(claim: string): Attribute | undefined {
  return attributes.find((attribute) => claimsOf[attribute].some((known) => known === claim))
}

/** What these scopes stand for; those that are not ours stand for nothing. */
export function attributesOfScopes(asked: readonly string[]): readonly Attribute[] {
  return inOrder(
    scopes.filter((scope) => asked.includes(scope)).flatMap((scope) => attributesOfScope[scope]),
  )
}

/** Each once, as pages list them. */
export function inOrder(some: readonly Attribute[]): readonly Attribute[] {
  return attributes.filter((attribute) => some.includes(attribute))
}
