import type { DocumentReason, DocumentType } from '@anteroom/job-contracts'
import type { VendorReading } from '@anteroom/vendor-clients'
import type { Reading } from './reading.ts'
import { toReadDocument } from './to-read-document.ts'

export interface Rules {
  /** In years. */
  readonly minimumAge: number
  /** `YYYY-MM-DD` */
  readonly today: string
}

/** What a vendor read counts by the same rules as what our own reader does. */
export function judgeVendorReading(
  reading: VendorReading,
  asked: DocumentType,
  { minimumAge, today }: Rules,
): Reading {
  if (reading.state === 'refused') return { state: 'refused', problems: reading.problems }
  const refused = (reason: DocumentReason): Reading => ({
    state: 'refused',
    problems: [{ side: asked === 'passport' ? 'front' : 'both', reason }],
  })
  const { toConfirm, reference } = reading
  const { type, firstName, lastName, dateOfBirth, number, issuer, expiresOn, ...address } =
    reading.document
  if (type !== asked) return refused('wrong-type')
  const person = { type, firstName, lastName, dateOfBirth, number, issuer, expiresOn }
  const document = toReadDocument({ ...person, address })
  if (!document) return refused('incomplete')
  if (document.expiresOn !== undefined && document.expiresOn < today) return refused('expired')
  if (birthdayAt(minimumAge, document.dateOfBirth) > today) return refused('under-age')
  return { state: 'read', document, toConfirm, reference }
}

/** Of someone born on 29 February it may be a day that the calendar lacks: one day later they are as old. */
function birthdayAt(age: number, dateOfBirth: string): string {
  return `${Number(dateOfBirth.slice(0, 4)) + age}${dateOfBirth.slice(4)}`
}
