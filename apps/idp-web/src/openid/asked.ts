import { z } from 'zod'
import { identityAmong, signInAmong } from './assurance.ts'
import {
  type Attribute,
  attributeOfClaim,
  attributesOfScopes,
  inOrder,
  needsProofing,
} from './attributes.ts'
import { verifiedRequests } from './verified-request.ts'

/** The parameters of a partner's request that say what it wants to know. */
export interface AskingParams {
  readonly scope?: string | undefined
  /** JSON. */
  readonly claims?: string | undefined
  readonly acr_values?: string | undefined
}

/** What a partner wants to know. */
export interface Asked {
  readonly attributes: readonly Attribute[]
  readonly ial: 1 | 2
  readonly aal: 1 | 2
  /** It wants one of these and nothing else, and none is known to us. */
  readonly isImpossible: boolean
}

const members = z.record(z.string(), z.unknown())
const claimsParameter = z.object({ userinfo: members.default({}), id_token: members.default({}) })
const acrRequest = z.object({
  essential: z.boolean().default(false),
  value: z.string().optional(),
  values: z.array(z.string()).default([]),
})

/** Whoever asks for what only proofed people have asks for proofing, unless it says that it does not. */
export function askedBy({ scope = '', claims = '{}', acr_values = '' }: AskingParams): Asked {
  const { userinfo, id_token } = claimsParameter.parse(JSON.parse(claims))
  const acr = acrRequest.safeParse(id_token.acr).data
  const named = acr ? [...acr.values, ...(acr.value ? [acr.value] : [])] : []
  const values = [...split(acr_values), ...named]
  const identity = identityAmong(values)
  const wanted = inOrder([
    ...attributesOfScopes(split(scope)),
    ...attributesOfClaims(userinfo),
    ...attributesOfClaims(id_token),
  ])
  const ial = identity ?? (wanted.some(needsProofing) ? 2 : 1)
  return {
    attributes: ial === 2 ? inOrder([...wanted, 'proofing']) : wanted,
    ial,
    aal: signInAmong(values) ?? 1,
    isImpossible:
      acr?.essential === true &&
      identityAmong(named) === undefined &&
      signInAmong(named) === undefined,
  }
}

/** What is asked for inside `verified_claims` is told of the person like everything else. */
export function attributesOfClaims(asked: Readonly<Record<string, unknown>>): readonly Attribute[] {
  const inside = verifiedRequests(asked.verified_claims).flatMap(({ claims }) => claims)
  return inOrder(
    [...Object.keys(asked), ...inside].flatMap((claim) => attributeOfClaim(claim) ?? []),
  )
}

const split = (text: string): string[] => text.split(' ').filter(Boolean)
