import { z } from 'zod'
import { answer, checks } from '../proofing/answer.ts'

const json = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema)

/** A check that is under way. */
export const openAttempt = z.object({
  attemptId: z.string(),
  jobId: z.string(),
  check: z.enum(checks),
  /** The details it is about; empty if they were lost with an earlier session. */
  detailsId: z.string(),
  /** Milliseconds since the epoch, database time. */
  enqueuedAt: z.number(),
  deadlineAt: z.number(),
})

export type OpenAttempt = z.output<typeof openAttempt>

/** Ids taken for a submission that is on its way to the database. */
export const nextAttempt = openAttempt.pick({ attemptId: true, jobId: true, detailsId: true })
export type NextAttempt = z.output<typeof nextAttempt>

/**
 * What a session holds: one hash in Redis, one field each, so that two tabs never overwrite each other's.
 * Only `details` and `phone` say something about the person; they are sealed for `slot`.
 */
export const sessionFields = z.object({
  slot: z.string(),
  csrf: z.string(),
  /** Milliseconds since the epoch. */
  createdAt: z.coerce.number(),
  device: z.string(),
  consentedAt: z.coerce.number().optional(),
  details: z.string().optional(),
  /** Another one each time the details change: what was found out about some is not true of others. */
  detailsId: z.string().optional(),
  phone: z.string().optional(),
  /** The last check that ended well. */
  passed: json(z.object({ check: z.enum(checks), detailsId: z.string() })).optional(),
  nextAttempt: json(nextAttempt).optional(),
  attempt: json(openAttempt).optional(),
  answer: json(answer).optional(),
})

export type SessionFields = z.output<typeof sessionFields>

export interface Session extends SessionFields {
  /** The cookie's value: 256 random bits, base64url. */
  readonly id: string
}

/** Fields to write; `undefined` removes a field. */
export type SessionPatch = {
  readonly [Field in Exclude<keyof SessionFields, 'slot' | 'csrf' | 'createdAt' | 'device'>]?:
    | SessionFields[Field]
    | undefined
}
