import type { Account, Proofing } from '../account/accounts.ts'
import { proofedOn } from './proofed-on.ts'
import { isList, type VerifiedRequest, verifiedRequests } from './verified-request.ts'

/** Claims by their names. */
export type Claims = Readonly<Record<string, unknown>>

interface Known {
  readonly account: Account
  /** The person's claims that the partner may be told. */
  readonly claims: Claims
  readonly trustFramework: string
}

/** The level of NIST SP 800-63A: nobody below it is told of. */
const assuranceLevel = 'ial2'

/**
 * The claim `verified_claims` (OpenID Connect for Identity Assurance). Undefined if the person was never proofed, or not
 * as the partner wants it. What vendors called their answers is kept to ourselves: told to two partners it would tell
 * them that their subjects are one person.
 *
 * @param asked The member of the `claims` parameter; undefined if it was asked for by scope.
 */
export function verifiedClaims(known: Known, asked: unknown): unknown {
  const { proofing } = known.account
  if (!proofing) return undefined
  const all = {
    claims: Object.keys(known.claims),
    trustFrameworks: undefined,
    assuranceLevels: undefined,
  }
  const requests = asked === undefined || asked === null ? [all] : verifiedRequests(asked)
  const request = requests.find((one) => isMet(one, known))
  if (!request) return undefined
  const claims = Object.fromEntries(
    Object.entries(known.claims).filter(([name]) => request.claims.includes(name)),
  )
  const answer = { verification: verificationOf(proofing, known), claims }
  return isList(asked) ? [answer] : answer
}

function isMet({ trustFrameworks, assuranceLevels }: VerifiedRequest, known: Known): boolean {
  return (
    (trustFrameworks?.includes(known.trustFramework) ?? true) &&
    (assuranceLevels?.includes(assuranceLevel) ?? true)
  )
}

function verificationOf(proofing: Proofing, { trustFramework }: Known) {
  const { checks, documentType } = proofing
  const document = documentType === undefined ? [] : [documentEvidence(documentType)]
  const records = checks.flatMap(({ check }) => recordEvidence[check] ?? [])
  const evidence = [...document, ...records]
  return {
    trust_framework: trustFramework,
    assurance_level: assuranceLevel,
    time: new Date(proofedOn(proofing)).toISOString(),
    ...(evidence.length > 0 && { evidence }),
  }
}

/** Types of documents by the names of OpenID Connect for Identity Assurance. */
const documentNames: Readonly<Record<string, string>> = {
  'drivers-license': 'driving_permit',
  'state-id': 'idcard',
  passport: 'passport',
}

function documentEvidence(type: string): object {
  const documentType = documentNames[type] ?? 'idcard'
  return {
    type: 'document',
    check_details: [{ check_method: 'vpip' }],
    document_details: { type: documentType },
  }
}

const recordEvidence: Readonly<Record<string, object>> = {
  'resolution-proofing': {
    type: 'electronic_record',
    check_details: [{ check_method: 'data' }],
    record: { type: 'population_register' },
  },
  'address-proofing': {
    type: 'electronic_record',
    check_details: [{ check_method: 'data' }],
    record: { type: 'mobile_phone_account' },
  },
}
