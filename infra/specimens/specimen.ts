import type { DocumentType, Problem, ReadDocument } from '@anteroom/document-reader'

export interface Specimen {
  /** In kebab case: names the files. */
  readonly name: string
  /** In plain words. */
  readonly title: string
  readonly documentType: DocumentType
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
  | { readonly refused: readonly Problem[] }

export type ExpectedFields = Omit<ReadDocument, 'type' | 'address'>
