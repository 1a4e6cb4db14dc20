export interface AddressApplicant {
  readonly firstName: string
  readonly lastName: string
  /** `YYYY-MM-DD` */
  readonly dateOfBirth: string
  readonly address1: string
  readonly address2?: string | undefined
  readonly city: string
  readonly state: string
  readonly zipCode: string
  /** E.164, `+1` and ten digits. */
  readonly phone: string
}

/** The vendor learns no Social Security number and no license number: it does not need them. */
export function addressRequest(applicant: AddressApplicant) {
  return {
    first_name: applicant.firstName,
    last_name: applicant.lastName,
    date_of_birth: applicant.dateOfBirth,
    address1: applicant.address1,
    address2: applicant.address2,
    city: applicant.city,
    state: applicant.state,
    zip_code: applicant.zipCode,
    phone: applicant.phone,
  }
}
