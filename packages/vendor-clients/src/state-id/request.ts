export interface StateIdApplicant {
  readonly firstName: string
  readonly lastName: string
  /** `YYYY-MM-DD` */
  readonly dateOfBirth: string
  readonly stateIdNumber: string
  /** Two-letter code of the state that issued the card. */
  readonly stateIdJurisdiction: string
}

/** The issuing authority learns no address and no Social Security number: it does not need them. */
export function stateIdRequest(applicant: StateIdApplicant) {
  return {
    first_name: applicant.firstName,
    last_name: applicant.lastName,
    date_of_birth: applicant.dateOfBirth,
    state_id_number: applicant.stateIdNumber,
    state_id_jurisdiction: applicant.stateIdJurisdiction,
  }
}
