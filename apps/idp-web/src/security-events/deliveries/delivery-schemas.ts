import { z } from 'zod'

/** What a partner says when it asks for its own events. */

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))
const jti = z.string().regex(/^[0-9a-f]{32}$/)

/** Pages of a hundred at most. */
export const listQuery = z.strictObject({
  state: z.enum(['held', 'queued', 'delivered', 'dead', 'resigned']).optional(),
  /** Of the event, not of its delivery. */
  since: moment.optional(),
  /** The `jti` that the page before ended with. */
  after: jti.optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(50),
})
export type ListQuery = z.output<typeof listQuery>

/** So many are replayed by one request. */
export const maxReplayed = 100

export const replayRequest = z.union([
  z.strictObject({ jtis: z.array(jti).min(1).max(maxReplayed) }),
  z.strictObject({ since: moment }),
])
export type ReplayRequest = z.output<typeof replayRequest>
