import { parseJson } from '@anteroom/runtime'
import { z } from 'zod'
import { verifiedRequest } from './verified-request.ts'

/**
 * A partner's request without what it says of who somebody is: `login_hint`, and the values that claims are to have. We
 * have no use for either, and the request lies readable in Redis until it is answered.
 */
export function withoutHints(parameters: URLSearchParams): URLSearchParams {
  const kept = [...parameters].filter(([name]) => name !== 'login_hint')
  return new URLSearchParams(
    kept.map(([name, value]): [string, string] => [
      name,
      name === 'claims' ? withoutValues(value) : value,
    ]),
  )
}

const members = z.record(z.string(), z.unknown())
const claimsParameter = z.object({ userinfo: members.optional(), id_token: members.optional() })

type Members = z.output<typeof members>

/** What is no such parameter stays for the provider to refuse. */
function withoutValues(claims: string): string {
  const { data } = claimsParameter.safeParse(parseJson(claims))
  if (!data) return claims
  const { userinfo, id_token } = data
  return JSON.stringify({
    userinfo: userinfo && bareMembers(userinfo),
    id_token: id_token && bareMembers(id_token),
  })
}

/** Undefined ones are not there in JSON. */
function bareMembers(asked: Members): Members {
  return Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, bare(name, value)]))
}

function bare(name: string, asked: unknown): unknown {
  if (asked === null) return null
  // How somebody is to sign in, and by our own name for them.
  if (name === 'acr' || name === 'sub') return asked
  if (name === 'verified_claims') {
    return Array.isArray(asked) ? asked.map(bareVerified) : bareVerified(asked)
  }
  return member.safeParse(asked).data
}

const member = z.object({ essential: z.boolean().optional() })

function bareVerified(asked: unknown): unknown {
  const { data } = verifiedRequest.safeParse(asked)
  return data && { ...data, claims: data.claims && bareMembers(data.claims) }
}
