import { eventUri, type FilledForm } from './event-forms.ts'
import type { WireProfile } from './receiver.ts'
import { tokenSchema, tokenSeconds } from './token-schemas.ts'

export interface TokenFacts {
  readonly issuer: string
  readonly audience: string
  readonly jti: string
  /** Names the change that this token and others for the same partner come of. */
  readonly txn: string
  /** When it is issued, in seconds since the epoch. */
  readonly issuedAt: number
  /** The partner's name for the person. */
  readonly subject: string
  /** Given where the event is about an address. */
  readonly email?: string | undefined
}

/**
 * The claims of a token.
 *
 * @throws ZodError where they would not be what the catalogue of tokens says.
 */
export function tokenClaims(
  profile: WireProfile,
  filled: FilledForm,
  facts: TokenFacts,
): Readonly<Record<string, unknown>> {
  const { issuer: iss, audience: aud, jti, issuedAt: iat } = facts
  const uri = eventUri(filled.form, iss)
  const always = { iss, iat, jti, aud }
  const claims =
    profile === 'login-gov'
      ? {
          ...always,
          exp: iat + tokenSeconds,
          events: { [uri]: { subject: legacySubject(filled, facts), ...filled.said } },
        }
      : {
          ...always,
          txn: facts.txn,
          sub_id: subjectOfToday(filled, facts),
          events: { [uri]: filled.said },
        }
  return tokenSchema(profile, filled.form).parse(claims)
}

function legacySubject({ form }: FilledForm, { issuer, subject, email }: TokenFacts) {
  if (form.about === 'address') return { subject_type: 'email', email }
  return { subject_type: 'iss-sub', iss: issuer, sub: subject }
}

function subjectOfToday({ form }: FilledForm, { issuer, subject, email }: TokenFacts) {
  if (form.about === 'address') return { format: 'email', email }
  return { format: 'iss_sub', iss: issuer, sub: subject }
}
