import { type CredentialClaims, daysOf } from '@anteroom/credential'
import { inWords, texts } from './texts.ts'

export interface Fact {
  readonly label: string
  readonly value: string
}

/** What the paper says besides the name. From when it is valid is said only if that is later than its issue. */
export function factsOf(claims: CredentialClaims): readonly Fact[] {
  const { issued, firstDay, lastDay } = daysOf(claims)
  const later = { label: texts.validFrom, value: inWords(firstDay) }
  return [
    { label: texts.dateOfBirth, value: inWords(claims.dob) },
    { label: texts.number, value: claims.no },
    { label: texts.issued, value: inWords(issued) },
    ...(firstDay > issued ? [later] : []),
    { label: texts.validUntil, value: inWords(lastDay) },
  ]
}
