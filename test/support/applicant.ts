import { randomInt } from 'node:crypto'

/** What a person types into the details form. */
export type DetailsFields = Record<string, string>

/** Someone the sandbox verifies, with a Social Security number of their own so that nobody shares a limit. */
export function applicant(changes: DetailsFields = {}): DetailsFields {
  return {
    firstName: 'Maria',
    lastName: 'Okafor',
    birthMonth: '4',
    birthDay: '12',
    birthYear: '1986',
    address1: '100 Example Street',
    address2: '',
    city: 'Seattle',
    state: 'WA',
    zipCode: '98109',
    stateIdJurisdiction: 'WA',
    stateIdNumber: 'WDLABCD456DG',
    ssn: `900-${digits(2)}-${digits(4)}`,
    ...changes,
  }
}

function digits(count: number): string {
  return String(randomInt(10 ** count)).padStart(count, '0')
}
