import { parseJson } from '@anteroom/runtime'
import { z } from 'zod'

/**
 * How a partner asks for `verified_claims` (OpenID Connect for Identity Assurance): one object, or a list of them of
 * which any will do. The provider drops whatever is no object, so a list travels inside one.
 */

const oneOf = z.object({ value: z.string().optional(), values: z.array(z.string()).optional() })

/** One of them, and nothing in it that we do not look at. */
export const verifiedRequest = z.object({
  verification: z
    .object({
      trust_framework: oneOf.nullish(),
      assurance_level: oneOf.nullish(),
    })
    .nullish(),
  claims: z.record(z.string(), z.unknown()).nullish(),
})

export interface VerifiedRequest {
  /** By their names. */
  readonly claims: readonly string[]
  /** The trust frameworks and assurance levels that will do; undefined if any. */
  readonly trustFrameworks: readonly string[] | undefined
  readonly assuranceLevels: readonly string[] | undefined
}

const listed = z.strictObject({ any_of: z.array(z.unknown()) })

/** Everything that is asked for, of which one is to be given. */
export function verifiedRequests(asked: unknown): readonly VerifiedRequest[] {
  const { data } = listed.safeParse(asked)
  return (data?.any_of ?? [asked]).flatMap((one) => {
    const parsed = verifiedRequest.safeParse(one)
    if (!parsed.success) return []
    const { verification, claims } = parsed.data
    return {
      claims: Object.keys(claims ?? {}),
      trustFrameworks: accepted(verification?.trust_framework),
      assuranceLevels: accepted(verification?.assurance_level),
    }
  })
}

/** Who asked by a list is answered by a list. */
export function isList(asked: unknown): boolean {
  return listed.safeParse(asked).success
}

function accepted(given: z.output<typeof oneOf> | null | undefined): readonly string[] | undefined {
  if (!given) return undefined
  return given.values ?? (given.value === undefined ? undefined : [given.value])
}

const parameter = z.record(z.string(), z.record(z.string(), z.unknown()))

/** The `claims` parameter with its lists inside objects. What is no such parameter stays for the provider to refuse. */
export function withoutLists(claims: string): string {
  const parsed = parameter.safeParse(parseJson(claims))
  if (!parsed.success) return claims
  return JSON.stringify(mapValues(parsed.data, (members) => mapValues(members, wrapList)))
}

function wrapList(value: unknown): unknown {
  return Array.isArray(value) ? { any_of: value } : value
}

function mapValues<In, Out>(
  record: Readonly<Record<string, In>>,
  map: (value: In) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}
