import { z } from 'zod'
import { transactionId, type VendorAnswer } from '../vendor-answer.ts'

export const resolutionReply = z
  .object({ transaction_id: transactionId, result: z.enum(['match', 'no_match']) })
  .transform(
    (reply): VendorAnswer => ({
      match: reply.result === 'match',
      reference: reply.transaction_id,
    }),
  )
