import { flag, wholeNumber } from '@anteroom/runtime'
import { z } from 'zod'
import { type SigningKeys, signingKeyList } from './signing-keys.ts'

/** What the web's settings say of partners. */
export const openidShape = {
  partnersFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'YAML file of the partners that people can sign in to. Without it there is no OpenID provider. Needs accounts, openid_signing_keys and openid_subject_key.',
    ),
  openidSigningKeys: signingKeyList()
    .optional()
    .meta({ secret: true })
    .describe(
      'Keys that sign what partners are told. Of each kind the first signs; all are published.',
    ),
  openidSubjectKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .transform((value): Uint8Array => Buffer.from(value, 'base64url'))
    .optional()
    .meta({ secret: true, shownAs: '256 random bits, base64url' })
    .describe(
      'Key by which each partner gets a name of its own for a person. It is never replaced: another key makes everybody a stranger to every partner.',
    ),
  openidTrustFramework: z
    .string()
    .min(1)
    .max(80)
    .default('nist_800_63A')
    .describe('What verified_claims say that people were proofed by.'),
  resetPasswordOnAuthFraudEvent: flag()
    .default(true)
    .describe(
      'Whether a partner’s report that somebody else got into an account takes its password away and ends its sessions. Otherwise the report is only recorded.',
    ),
  partnerRequestsPerWindow: wholeNumber({ min: 1, max: 1_000_000 })
    .default(6_000)
    .describe(
      'Requests that the servers of partners at one network address may make in a request window.',
    ),
}

export interface OpenidSettings {
  readonly partnersFile: string
  readonly signingKeys: SigningKeys
  readonly subjectKey: Uint8Array
}

interface Given {
  readonly partnersFile?: string | undefined
  readonly openidSigningKeys?: SigningKeys | undefined
  readonly openidSubjectKey?: Uint8Array | undefined
}

/** Undefined in a deployment that has no partners. */
export function openidSettings({
  partnersFile,
  openidSigningKeys: signingKeys,
  openidSubjectKey: subjectKey,
}: Given): OpenidSettings | undefined {
  if (!partnersFile || !signingKeys || !subjectKey) return undefined
  return { partnersFile, signingKeys, subjectKey }
}
