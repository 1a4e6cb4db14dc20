import { z } from 'zod'

/** A vendor's answer as far as it may go: whether all matched, never which field did not. */
export interface VendorAnswer {
  readonly match: boolean
  /** The vendor's transaction id. */
  readonly reference: string
}

/** A transaction id that is harmless wherever it is shown. */
export const transactionId = z.string().regex(/^[\w.:-]{1,128}$/)

/** How the vendors that compare answer. Which field differs stays at the door. */
export const vendorReply = z
  .object({ transaction_id: transactionId, result: z.enum(['match', 'no_match']) })
  .transform(
    (reply): VendorAnswer => ({
      match: reply.result === 'match',
      reference: reply.transaction_id,
    }),
  )
