export interface RegistryPerson {
  readonly firstName: string
  readonly lastName: string
  /** `YYYY-MM-DD` */
  readonly dateOfBirth: string
}

/** What is printed on a credential, and nothing of how the person was verified. */
export function registryRequest(person: RegistryPerson) {
  return {
    first_name: person.firstName,
    last_name: person.lastName,
    date_of_birth: person.dateOfBirth,
  }
}
