import {
  s3BucketName,
  sha256Hex,
  transferConflicts,
  transferCorrelationId,
  transferFileName,
  transferName,
  transferPath,
  transferProblems,
} from '@anteroom/job-contracts'
import { z } from 'zod'
import { type ProblemCode, problems } from './problems.ts'

/** What the API takes and answers. Validation, types, the OpenAPI document and the reference page are made of these. */

const moment = z.iso.datetime({ offset: true })

/** Spaces and dashes may stand anywhere, and small letters are as good. */
export const consentCode = z.string().regex(/^(?:[0-9A-Za-z][ -]?){28}$/)

export const transferRequest = z.strictObject({
  source: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('url'),
        url: z
          .url()
          .max(4_096)
          .describe('https, a public name, the standard port. It is asked with GET.'),
      }),
      z.strictObject({
        type: z.literal('s3'),
        bucket: s3BucketName,
        key: z
          .string()
          .min(1)
          .refine((key) => Buffer.byteLength(key) <= 1_024, 'too long')
          .refine((key) => !/\p{Cc}/u.test(key), 'has a control character'),
      }),
      z.strictObject({
        type: z.literal('credential'),
        consent: consentCode.describe(
          'The code that a person gave you to have their credential sent. Good once, for minutes.',
        ),
      }),
    ])
    .describe('Where the file is.'),
  destination: z.strictObject({
    name: transferName.describe('One of the destinations that your consumer may use.'),
    path: transferPath.default('').describe('Folders below the destination’s own, by "/".'),
    filename: transferFileName
      .optional()
      .describe(
        'Without it the file keeps the name that the source gives it. Not with a credential: we name that.',
      ),
    conflict: z
      .enum(transferConflicts)
      .default('fail')
      .describe('What is done if a file of that name is there already.'),
  }),
  sha256: sha256Hex.optional().describe('What the file has to be; another is not delivered.'),
  expires_at: moment
    .optional()
    .describe('Until when the source can be fetched. No try begins later, and a day is the most.'),
  correlation_id: transferCorrelationId
    .optional()
    .describe('Your own name for it, without anybody’s data: it stands in logs, readable.'),
  webhook: z
    .boolean()
    .default(true)
    .describe('Whether your webhook is told how it ended, if you have one.'),
})

export type TransferRequest = z.output<typeof transferRequest>

const transferStates = ['queued', 'running', 'waiting', 'delivered', 'failed', 'cancelled'] as const
export type TransferStateName = (typeof transferStates)[number]

export const transferId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/)
  .describe('128 random bits.')

export const transferSummary = z.strictObject({
  id: transferId,
  state: z.enum(transferStates),
  destination: transferName,
  correlation_id: transferCorrelationId,
  attempts: z.int().nonnegative().describe('Tries that have begun.'),
  next_attempt_at: moment.nullable().describe('While it waits.'),
  bytes: z.int().nonnegative().describe('Moved so far.'),
  problem: z.enum(transferProblems).nullable().describe('Why it failed, or waits for another try.'),
  cancel_requested: z.boolean(),
  requested_at: moment,
  deadline_at: moment.describe('When it has ended in any case.'),
  ended_at: moment.nullable(),
})

export const transfer = transferSummary.extend({
  source: z
    .strictObject({ type: z.enum(['url', 's3', 'credential']) })
    .describe('Where exactly, nobody keeps.'),
  path: z.string(),
  filename: z
    .string()
    .nullable()
    .describe(
      'Once delivered, the one under which it stands there; before, the one you asked for.',
    ),
  sha256: sha256Hex.nullable().describe('Of what was delivered.'),
  media_type: z.string().nullable().describe('As the file itself says.'),
})

export type TransferSummary = z.output<typeof transferSummary>
export type Transfer = z.output<typeof transfer>

const cursor = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/)

export const listQuery = z.strictObject({
  state: z
    .preprocess(
      (given) => (typeof given === 'string' ? given.split(',') : given),
      z.array(z.enum(transferStates)).min(1),
    )
    .optional()
    .describe('One or several, by commas.'),
  destination: transferName.optional().describe('Its name.'),
  correlation_id: transferCorrelationId.optional().describe('Of the transfers.'),
  requested_after: moment.optional().describe('When they were asked for.'),
  requested_before: moment.optional().describe('When they were asked for.'),
  limit: z.coerce
    .number()
    .pipe(z.int().min(1).max(100))
    .default(50)
    .describe('How many a page holds.'),
  cursor: cursor.optional().describe('`next_cursor` of the page before.'),
})

export type ListQuery = z.output<typeof listQuery>

export const transferList = z.strictObject({
  transfers: z.array(transferSummary).describe('Newest first.'),
  next_cursor: cursor.nullable(),
})

const codes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]]

export const problem = z.strictObject({
  type: z.url(),
  title: z.string(),
  status: z.int(),
  code: z.enum(codes),
  request_id: z.string(),
  errors: z
    .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
    .optional()
    .describe('What is wrong where. It quotes nothing that was sent.'),
})

export const webhookMessage = z.strictObject({
  type: z.enum(['transfer.delivered', 'transfer.failed', 'transfer.cancelled']),
  timestamp: moment.describe(
    'When it ended so. Messages may come in any order: the later one about a transfer holds.',
  ),
  data: transferSummary.extend({ sha256: sha256Hex.nullable() }),
})
