export interface Specimen {
  /** In kebab case: names the files. */
  readonly name: string
  /** In plain words. */
  readonly title: string
  readonly documentType: 'drivers-license' | 'state-id' | 'passport'
  /** Draws the photos anew; the same bytes each time. */
  files(): Promise<SpecimenFiles>
  readonly expected: Expected
}

export interface SpecimenFiles {
  readonly front: Buffer
  readonly back?: Buffer
}

/** What a reader should make of it. Of what was read, at least these fields. */
export type Expected =
  | { readonly read: ExpectedFields }
  | { readonly toConfirm: ExpectedFields }
  | { readonly refused: readonly ExpectedProblem[] }

export interface ExpectedFields {
  readonly firstName: string
  readonly lastName: string
  readonly dateOfBirth: string
  readonly number: string
  readonly issuer: string
  readonly expiresOn?: string
}

export interface ExpectedProblem {
  readonly side: 'front' | 'back' | 'both'
  readonly reason: string
}
