export interface ResolutionApplicant {
  readonly firstName: string
  readonly lastName: string
  /** `YYYY-MM-DD` */
  readonly dateOfBirth: string
  /** Nine digits. */
  readonly ssn: string
  readonly address1: string
  readonly address2?: string | undefined
  readonly city: string
  readonly state: string
  readonly zipCode: string
}

export function resolutionRequest(applicant: ResolutionApplicant) {
  return {
    first_name: applicant.firstName,
    last_name: applicant.lastName,
    date_of_birth: applicant.dateOfBirth,
    ssn: applicant.ssn,
    address1: applicant.address1,
    address2: applicant.address2,
    city: applicant.city,
    state: applicant.state,
    zip_code: applicant.zipCode,
  }
}
