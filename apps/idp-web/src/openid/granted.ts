import type { KoaContextWithOIDC } from 'oidc-provider'
import {
  type Attribute,
  attributes,
  attributesOfScopes,
  claimsOfAttribute,
  inOrder,
} from './attributes.ts'

type Grant = NonNullable<KoaContextWithOIDC['oidc']['grant']>

interface Allowed {
  readonly scopes: readonly string[]
  readonly claims: readonly string[]
}

/** What a person allowed a partner to learn, asked for by scope or by claim. */
export function grantedAttributes({ scopes, claims }: Allowed): readonly Attribute[] {
  const byClaims = attributes.filter((attribute) =>
    claimsOfAttribute(attribute).every((claim) => claims.includes(claim)),
  )
  return inOrder([...attributesOfScopes(scopes), ...byClaims])
}

/** Of a grant as the provider holds it; none if the person has not been asked. */
export function grantedBy(grant: Grant | undefined): readonly Attribute[] {
  if (!grant) return []
  return grantedAttributes({
    scopes: grant.getOIDCScope().split(' '),
    claims: grant.getOIDCClaims(),
  })
}
