import type { DocumentProblem, DocumentType, ReadDocument } from '@anteroom/job-contracts'
import type { ShownImage } from './documents.ts'

/** What whoever read the document made of it. */
export type Reading =
  | {
      readonly state: 'read'
      readonly document: ReadDocument
      readonly toConfirm: boolean
      /** The vendor's own number for its answer. */
      readonly reference?: string
    }
  | { readonly state: 'refused'; readonly problems: readonly DocumentProblem[] }

export interface Shown {
  readonly type: DocumentType
  readonly images: readonly ShownImage[]
}

/** One way of reading a document. Throws when it could not be read at all for a reason that is not the document's. */
export type Read = (shown: Shown) => Promise<Reading>
