import { z } from 'zod'
import { transactionId } from '../vendor-answer.ts'

/** What the registry has entered. Days are `YYYY-MM-DD`, both of them included. */
export interface RegistryEntry {
  /** As it is printed, such as `K7Q2-4821-9930`. */
  readonly number: string
  readonly validFrom: string
  readonly validUntil: string
  /** The registry's own number for this reply. */
  readonly reference: string
}

export const registryReply = z
  .object({
    number: z.string().regex(/^[A-Z0-9-]{4,24}$/),
    valid_from: z.iso.date(),
    valid_until: z.iso.date(),
    reference: transactionId,
  })
  .refine((reply) => reply.valid_from <= reply.valid_until)
  .transform(
    (reply): RegistryEntry => ({
      number: reply.number,
      validFrom: reply.valid_from,
      validUntil: reply.valid_until,
      reference: reply.reference,
    }),
  )
