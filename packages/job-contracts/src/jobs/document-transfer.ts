import { z } from 'zod'
import { defineJob } from '../define-job.ts'
import { moment } from '../moment.ts'
import {
  s3BucketName,
  sha256Hex,
  transferConflicts,
  transferCorrelationId,
  transferFileName,
  transferName,
  transferPath,
} from '../transfers.ts'

const source = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('url'),
    url: z.url({ protocol: /^https$/ }).max(4_096),
    /** Hosts that it and every redirect may lead to: a name, `*.` and a name for all below it, or `*` for every public one. */
    hosts: z.array(z.string().max(253)).max(100),
  }),
  z.object({
    type: z.literal('s3'),
    bucket: s3BucketName,
    key: z.string().min(1).max(1_024),
  }),
  z.object({
    /** The credential of a person who agreed to it: the file itself, a PDF, base64. */
    type: z.literal('credential'),
    pdf: z.base64().max(1_400_000),
  }),
])

/**
 * Moves one file from a source to a destination. It ends as done only when the whole file stands there under its final
 * name. Reports as it goes: `running` with the bytes so far.
 */
export const documentTransfer = defineJob({
  name: 'document-transfer',
  payload: z.object({
    /** Of the transfer in the web's records, as consumers know it. */
    transferId: z.base64url().length(22),
    /** By its name in the worker's file of destinations. */
    destination: transferName,
    /** Who asked for it. */
    consumer: transferName,
    source,
    /** Until when the source can be fetched, if the consumer says so. */
    sourceExpiresAt: moment.optional(),
    path: transferPath,
    /** Without it the file keeps the name that the source gives it, as far as every destination takes that. */
    filename: transferFileName.optional(),
    conflict: z.enum(transferConflicts),
    /** What the file must be; a file that is not is never shown. */
    sha256: sha256Hex.optional(),
    maxBytes: z.int().positive(),
    /** Of the consumer's own request, for the log and for outgoing requests. */
    correlationId: transferCorrelationId,
    /** A credential is not kept when it cannot be delivered. */
    deadLetter: z.literal('never').optional(),
  }),
  clear: ['transferId', 'destination', 'consumer', 'deadLetter'],
  bound: ['transferId', 'destination', 'consumer'],
  result: z.object({
    /** Under which it stands in `path`. */
    filename: transferFileName,
    sha256: sha256Hex,
    bytes: z.int().nonnegative(),
    /** As the first bytes say, not the source; `application/octet-stream` where they say nothing. */
    mediaType: z.string().max(127),
  }),
  reportsResult: true,
  priority: 20,
  outcomeSeconds: 60,
  // Sooner where the consumer says when the source expires.
  deadlineSeconds: 24 * 60 * 60,
  retry: { attempts: 40, firstDelaySeconds: 5, maxDelaySeconds: 3_600 },
  // No link that was signed for a while is good for longer.
  deadLetterDays: 7,
})
