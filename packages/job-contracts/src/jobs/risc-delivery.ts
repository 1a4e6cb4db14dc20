import { z } from 'zod'
import { defineJob } from '../define-job.ts'

/** Pushes one Security Event Token to one partner (RFC 8935). The token is signed before; the worker only carries it. */
export const riscDelivery = defineJob({
  name: 'risc-delivery',
  payload: z.object({
    /** By its id in the partners file. */
    partner: z.string().regex(/^[a-z0-9][a-z0-9-]{1,62}$/),
    /** The last part of the event type's URI. */
    event: z.string().regex(/^[a-z][a-z-]{1,63}$/),
    /** Of the token: the same with every try. */
    jti: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
    /** What is said to one partner of one subject comes in order. A keyed hash: it names nobody. */
    stream: z.base64url().length(43),
    /** Compact JWS. */
    set: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  }),
  clear: ['partner', 'event', 'jti', 'stream'],
  bound: ['partner'],
  result: z.object({
    /** What the partner answered: 200 to 299. */
    status: z.number().int(),
  }),
  priority: 10,
  outcomeSeconds: 60,
  // A token that says when it expires does so after 12 hours; the worker is silent a minute before.
  deadlineSeconds: 12 * 60 * 60 - 60,
  retry: { attempts: 6, delaysSeconds: [10, 60, 600, 3_600, 18_000] },
  orderedBy: 'stream',
  // As long as the ledger remembers the job.
  deadLetterDays: 30,
})
