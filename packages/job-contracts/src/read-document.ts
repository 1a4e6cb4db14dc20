import { z } from 'zod'
import { documentType, side } from './documents.ts'
import * as fields from './fields.ts'

/** Why a document is not accepted. The list is closed: the pages and docs/documents.md answer for every entry. */
export const documentReasons = [
  // The image as a file
  'missing',
  'damaged',
  'wrong-file',
  'too-large',
  'animated',
  'same-image',
  // The image as a photo
  'too-small',
  'blurred',
  'too-dark',
  'glare',
  'cropped',
  // What it shows
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
const documentReason = z.enum(documentReasons)
export type DocumentReason = z.output<typeof documentReason>

/** What is wrong, and on which side if it can be said of one. */
export const documentProblem = z.object({
  side: z.union([side, z.literal('both')]),
  reason: documentReason,
})
export type DocumentProblem = z.output<typeof documentProblem>

/** What was read, in the form in which the person would type it. What the document does not say is left out. */
export const readDocument = z.object({
  type: documentType,
  firstName: fields.personName,
  lastName: fields.personName,
  dateOfBirth: fields.dateOfBirth,
  number: z.string().min(1).max(40),
  /** State code of a card, country code (ISO 3166-1 alpha-3) of a passport. */
  issuer: z.string().min(2).max(3),
  expiresOn: z.iso.date().optional(),
  address: z
    .object({
      address1: fields.addressLine,
      address2: fields.addressLine.optional(),
      city: fields.city,
      state: fields.stateCode,
      zipCode: fields.zipCode,
    })
    .optional(),
})
export type ReadDocument = z.output<typeof readDocument>
