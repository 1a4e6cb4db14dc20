/** What this package is given and what it answers. It knows nothing of jobs; its words are those of the caller's contract. */

export type DocumentType = 'drivers-license' | 'state-id' | 'passport'

export type Side = 'front' | 'back'

export interface SideImage {
  readonly side: Side
  /** The file as it was taken, JPEG or PNG. */
  readonly bytes: Uint8Array
}

/** Why a document is not accepted. docs/documents.md says when. */
export const reasons = [
  'missing',
  'damaged',
  'wrong-file',
  'too-large',
  'animated',
  'same-image',
  'too-small',
  'blurred',
  'too-dark',
  'glare',
  'cropped',
  'not-a-document',
  'wrong-side',
  'wrong-type',
  'barcode-unreadable',
  'barcode-invalid',
  'mrz-unreadable',
  'mrz-invalid',
  'sides-differ',
  'expired',
  'under-age',
  'incomplete',
] as const

export type Reason = (typeof reasons)[number]

export interface Problem {
  readonly side: Side | 'both'
  readonly reason: Reason
}

export interface Address {
  readonly address1: string
  readonly address2?: string
  readonly city: string
  readonly state: string
  readonly zipCode: string
}

/** What the document says; what it does not say is left out. Dates are `YYYY-MM-DD`. */
export interface ReadDocument {
  readonly type: DocumentType
  readonly firstName: string
  readonly lastName: string
  readonly dateOfBirth: string
  readonly number: string
  /** State code of a card, country code (ISO 3166-1 alpha-3) of a passport. */
  readonly issuer: string
  readonly expiresOn?: string
  readonly address?: Address
}

export type Reading =
  | {
      readonly state: 'read'
      readonly document: ReadDocument
      /** The barcode could not be read, but the machine-readable zone could: the person says whether it is right. */
      readonly toConfirm: boolean
    }
  | { readonly state: 'refused'; readonly problems: readonly Problem[] }
