import type { Account } from '../account/accounts.ts'
import type { Profile } from '../account/identity/profile.ts'
import type { WebDeps } from '../deps.ts'
import { ialOf, identityLevelOf } from './assurance.ts'
import { type Attribute, claimsOfAttribute, needsProofing } from './attributes.ts'
import { openDetails } from './handed-details.ts'
import { proofedOn } from './proofed-on.ts'
import { type Claims, verifiedClaims } from './verified-claims.ts'

export interface ClaimsWanted {
  /** What the person allowed this partner to learn. */
  readonly granted: readonly Attribute[]
  /** The identity assurance that it asked for. */
  readonly ial: 1 | 2
  /** Of the session in which the partner was answered. */
  readonly slot: string
  /** How `verified_claims` are asked for; undefined if by scope or not at all. */
  readonly verified: unknown
}

/** Everything a partner may be told, whatever it asked for this time: the provider picks from it. */
export async function accountClaims(
  deps: WebDeps,
  account: Account,
  { granted, ial, slot, verified }: ClaimsWanted,
): Promise<Claims> {
  const tells = (attribute: Attribute) => granted.includes(attribute)
  const isTold = identityLevelOf(account.proofing) === 2 && tells('proofing')
  const proofing = isTold ? account.proofing : undefined
  const email = tells('email')
    ? { email: await deps.accounts.openAddress(account), email_verified: true }
    : {}
  const details =
    account.proofing && granted.some(needsProofing)
      ? await openDetails(deps, account, slot)
      : undefined
  const ofPerson = details ? claimsAbout(details, granted) : {}
  return {
    ial: ialOf(proofing ? ial : 1),
    ...email,
    ...ofPerson,
    ...(proofing && {
      verified_at: proofedOn(proofing) / 1000,
      verified_claims: verifiedClaims(
        { account, claims: ofPerson, trustFramework: deps.config.openidTrustFramework },
        verified,
      ),
    }),
  }
}

/** The claims of these attributes. Of an attribute that nothing is known of there are none. */
function claimsAbout(details: Profile, granted: readonly Attribute[]): Claims {
  const allowed = granted.flatMap(claimsOfAttribute)
  return Object.fromEntries(
    Object.entries(allClaims(details)).filter(
      ([name, value]) => allowed.includes(name) && value !== undefined,
    ),
  )
}

function allClaims({ firstName, lastName, dateOfBirth, phone, ...at }: Profile): Claims {
  const isKnown = phone === undefined ? undefined : true
  return {
    given_name: firstName,
    family_name: lastName,
    birthdate: dateOfBirth,
    address: {
      street_address: [at.address1, at.address2].filter(Boolean).join('\n'),
      locality: at.city,
      region: at.state,
      postal_code: at.zipCode,
      country: 'US',
    },
    // By the name of OpenID Connect, and by Login.gov's.
    phone_number: phone,
    phone_number_verified: isKnown,
    phone,
    phone_verified: isKnown,
  }
}
