import { z } from 'zod'
import { transactionId } from '../vendor-answer.ts'
import type { DocumentSide, DocumentType } from './request.ts'

/** What a document says, as far as the vendor could read it. */
export interface VendorDocument {
  readonly type: DocumentType
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  /** `YYYY-MM-DD`, as is `expiresOn` */
  readonly dateOfBirth?: string | undefined
  readonly number?: string | undefined
  readonly issuer?: string | undefined
  readonly expiresOn?: string | undefined
  readonly address1?: string | undefined
  readonly address2?: string | undefined
  readonly city?: string | undefined
  readonly state?: string | undefined
  readonly zipCode?: string | undefined
}

/** What is wrong with an image, or with both. The list is closed: another code makes the reply invalid. */
const documentAlerts = [
  'damaged',
  'wrong-file',
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
] as const
export type DocumentAlert = (typeof documentAlerts)[number]

export interface VendorProblem {
  readonly side: DocumentSide | 'both'
  readonly reason: DocumentAlert
}

export type VendorReading =
  | {
      readonly state: 'read'
      readonly document: VendorDocument
      /** The barcode could not be read; the rest was read by eye. */
      readonly toConfirm: boolean
      readonly reference: string
    }
  | {
      readonly state: 'refused'
      readonly problems: readonly VendorProblem[]
      readonly reference: string
    }

const field = z.string().max(200).optional()

const document = z
  .object({
    type: z.enum(['drivers-license', 'state-id', 'passport']),
    first_name: field,
    last_name: field,
    date_of_birth: z.iso.date().optional(),
    number: field,
    issuer: field,
    expires_on: z.iso.date().optional(),
    address1: field,
    address2: field,
    city: field,
    state: field,
    zip_code: field,
  })
  .transform(
    (said): VendorDocument => ({
      type: said.type,
      firstName: said.first_name,
      lastName: said.last_name,
      dateOfBirth: said.date_of_birth,
      number: said.number,
      issuer: said.issuer,
      expiresOn: said.expires_on,
      address1: said.address1,
      address2: said.address2,
      city: said.city,
      state: said.state,
      zipCode: said.zip_code,
    }),
  )

const alert = z.object({
  side: z.enum(['front', 'back', 'both']),
  reason: z.enum(documentAlerts),
})

const read = z
  .object({
    transaction_id: transactionId,
    result: z.literal('read'),
    document,
    barcode: z.enum(['read', 'unreadable']),
  })
  .transform(
    (reply): VendorReading => ({
      state: 'read',
      document: reply.document,
      toConfirm: reply.barcode === 'unreadable',
      reference: reply.transaction_id,
    }),
  )

const refused = z
  .object({
    transaction_id: transactionId,
    result: z.literal('refused'),
    alerts: z.array(alert).min(1).max(20),
  })
  .transform(
    (reply): VendorReading => ({
      state: 'refused',
      problems: reply.alerts,
      reference: reply.transaction_id,
    }),
  )

export const documentsReply = z.union([read, refused])
