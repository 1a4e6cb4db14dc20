import type { CallOptions } from '@anteroom/vendor-clients'

export interface RegistryPerson {
  readonly firstName: string
  readonly lastName: string
  readonly dateOfBirth: string
}

/** What the registry has entered; days are `YYYY-MM-DD`, and both are included. */
export interface RegistryEntry {
  readonly number: string
  readonly validFrom: string
  readonly validUntil: string
  readonly reference: string
}

/** Enters a person; the same idempotency key brings the same entry. */
export interface RegistryClient {
  enter(person: RegistryPerson, options: CallOptions): Promise<RegistryEntry>
}
