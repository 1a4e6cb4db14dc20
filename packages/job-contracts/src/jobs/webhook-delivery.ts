import { z } from 'zod'
import { defineJob } from '../define-job.ts'
import { transferName } from '../transfers.ts'

/**
 * Posts one signed message to a consumer (Standard Webhooks 1.0.0), as `application/json` with the headers `webhook-id`,
 * `webhook-timestamp` and `webhook-signature`. It is signed before: the worker only carries it, byte for byte. Receivers
 * refuse a signature older than five minutes, so the job ends before that, and the web signs anew for a later round.
 */
export const webhookDelivery = defineJob({
  name: 'webhook-delivery',
  payload: z.object({
    /** Who is told. */
    consumer: transferName,
    /** `webhook-id`: the same in every round. */
    messageId: z.string().regex(/^msg_[\w-]{22}$/),
    url: z.url({ protocol: /^https$/ }).max(2_048),
    /** `webhook-timestamp`: seconds since the epoch. */
    timestamp: z.int().positive(),
    /** `webhook-signature`: one or several, by spaces. */
    signature: z.string().regex(/^v1,[A-Za-z0-9+/]{43}=(?: v1,[A-Za-z0-9+/]{43}=)*$/),
    body: z.string().max(16_384),
  }),
  clear: ['consumer', 'messageId'],
  result: z.object({
    /** What the consumer answered: 200 to 299. */
    status: z.int(),
  }),
  priority: 10,
  outcomeSeconds: 60,
  deadlineSeconds: 240,
  retry: { attempts: 4, delaysSeconds: [5, 25, 90] },
})
