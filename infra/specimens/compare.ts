import type { Problem, Reading } from '@anteroom/document-reader'
import type { Expected, ExpectedFields } from './specimen.ts'

/** In a few words, such as `read` or `front: blurred, back: glare`. */
export function describeReading(reading: Reading): string {
  if (reading.state === 'refused') return describeProblems(reading.problems)
  return reading.toConfirm ? 'to confirm' : 'read'
}

export function describeExpected(expected: Expected): string {
  if ('refused' in expected) return describeProblems(expected.refused)
  return 'toConfirm' in expected ? 'to confirm' : 'read'
}

/** The same ending and, if something was read, the same fields. */
export function isAsExpected(reading: Reading, expected: Expected): boolean {
  if (describeReading(reading) !== describeExpected(expected)) return false
  if (reading.state === 'refused' || 'refused' in expected) return true
  return wrongFields(reading, expected).length === 0
}

/** Names of the fields that were read otherwise than they stand on the document. */
export function wrongFields(reading: Reading, expected: Expected): string[] {
  if (reading.state === 'refused' || 'refused' in expected) return []
  const fields: ExpectedFields = 'read' in expected ? expected.read : expected.toConfirm
  const { document } = reading
  const same = {
    firstName: document.firstName === fields.firstName,
    lastName: document.lastName === fields.lastName,
    dateOfBirth: document.dateOfBirth === fields.dateOfBirth,
    number: document.number === fields.number,
    issuer: document.issuer === fields.issuer,
    expiresOn: document.expiresOn === fields.expiresOn,
  } satisfies Record<keyof ExpectedFields, boolean>
  return Object.entries(same).flatMap(([name, isSame]) => (isSame ? [] : [name]))
}

function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ side, reason }) => `${side}: ${reason}`).join(', ')
}
