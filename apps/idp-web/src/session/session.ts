import { documentType, side } from '@anteroom/job-contracts'
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
  /** The details or the document it is about; empty if they were lost with an earlier session. */
  subjectId: z.string(),
  /** Milliseconds since the epoch, database time. */
  enqueuedAt: z.number(),
  deadlineAt: z.number(),
  /** Of the request that handed it in; unknown of one that was found again after a loss, or begun by an older release. */
  traceparent: z.string().optional(),
})

export type OpenAttempt = z.output<typeof openAttempt>

/** Ids taken for a check that is on its way to the database. */
export const nextAttempt = openAttempt
  .pick({ attemptId: true, jobId: true, check: true, subjectId: true, traceparent: true })
  .extend({
    /** From then on, in milliseconds since the epoch, whoever took them has died over it: they bind nobody any more. */
    lapsesAt: z.number(),
  })
export type NextAttempt = z.output<typeof nextAttempt>

/** Room for one sealed image in S3, given out to this session. */
export const upload = z.object({
  uploadId: z.string(),
  side,
  contentType: z.string(),
  /** Before sealing; at most so many where the web itself uploads. */
  bytes: z.number(),
})
export type Upload = z.output<typeof upload>

/** Of one submission: enough to take each side again and again, not enough to fill a bucket. */
export const maxUploads = 20

/** One document that a person shows, photographed once or more. */
export const submission = z.object({
  submissionId: z.string(),
  documentType,
  uploads: z.array(upload),
})
export type Submission = z.output<typeof submission>

/** A place in the line for a credential. */
export const heldTicket = z.object({
  id: z.string(),
  number: z.number(),
  /** People in front when the place was first seen: what progress is measured against. */
  aheadAtStart: z.number().optional(),
  /** Its credential is issued, and the verification it was issued for counts no more. */
  isSpent: z.boolean().optional(),
  /** The credential that it is a place for: once issued, an account may keep which one it was. */
  credentialId: z.string().optional(),
})
export type HeldTicket = z.output<typeof heldTicket>

/** How somebody can show that an account is theirs. */
const signInMethods = ['password', 'passkey', 'totp', 'backup-code'] as const
export type SignInMethod = (typeof signInMethods)[number]

/** Who has signed in, when (milliseconds since the epoch, database time), and what they showed. */
export const signIn = z.object({
  accountId: z.string(),
  at: z.number(),
  methods: z.array(z.enum(signInMethods)).min(1),
})
export type SignIn = z.output<typeof signIn>

/** Whose password was right, and who has yet to show the second thing. */
export const halfSignIn = signIn.pick({ accountId: true, at: true }).extend({
  /** To sign in, or to confirm that whoever is signed in is still there. */
  purpose: z.enum(['sign-in', 'confirm']),
  /** Since when the password was the account's; one that was changed meanwhile is worth nothing. */
  passwordChangedAt: z.number().optional(),
})
export type HalfSignIn = z.output<typeof halfSignIn>

/** A question to an authenticator that has not been answered yet. */
export const ceremony = z.object({
  kind: z.enum(['registration', 'authentication']),
  /** Random, base64url. */
  challenge: z.string(),
  /** Milliseconds since the epoch, database time. */
  at: z.number(),
})
export type Ceremony = z.output<typeof ceremony>

/** Written only when a stored success of this session's own attempt is concluded. */
export const documentPass = z.object({
  submissionId: z.string(),
  attemptId: z.string(),
  /** The barcode could not be read: the person must say whether the rest is right. */
  toConfirm: z.boolean(),
  /** The vendor's own number for its answer. */
  reference: z.string().optional(),
})

/** A check of details that ended well, and who said so up to here. */
const passed = z.object({
  check: z.enum(checks),
  detailsId: z.string(),
  /** By the names that an account keeps them under. */
  references: z.array(z.object({ check: z.string(), reference: z.string().optional() })).optional(),
})

/**
 * What a session holds: one hash in Redis, one field each, so that two tabs never overwrite each other's.
 * `imageKey`, `readDocument`, `details`, `phone` and what an answer says of a document say something about the person;
 * like `appSecret` they are sealed for `slot`.
 */
export const sessionFields = z.object({
  slot: z.string(),
  csrf: z.string(),
  /** Milliseconds since the epoch. */
  createdAt: z.coerce.number(),
  device: z.string(),
  consentedAt: z.coerce.number().optional(),
  /** The account that was signed in when its owner agreed: what is found out is written to it. */
  consentedAs: z.string().optional(),
  submission: json(submission).optional(),
  /** Key and places of the images last handed in: with them a check can be repeated without new photos. */
  imageKey: z.string().optional(),
  /** When that was, milliseconds since the epoch. A field of its own: uploads are added to `submission` meanwhile. */
  imagesSubmittedAt: z.coerce.number().optional(),
  readDocument: z.string().optional(),
  documentPass: json(documentPass).optional(),
  /** The attempt whose reading the person has said is right. */
  confirmedDocument: z.string().optional(),
  /** Fingerprints, made by the worker, of images that were refused. */
  failedImages: json(z.array(z.string())).optional(),
  details: z.string().optional(),
  /** Another one each time the details change: what was found out about some is not true of others. */
  detailsId: z.string().optional(),
  /** The attempt that read the document which the details are taken from. */
  detailsDocument: z.string().optional(),
  phone: z.string().optional(),
  /** The last check of details that ended well. */
  passed: json(passed).optional(),
  /** Written and looked at by the store's scripts alone. */
  nextAttempt: z.string().optional(),
  attempt: json(openAttempt).optional(),
  answer: json(answer).optional(),
  ticket: json(heldTicket).optional(),
  /** Written by `account/signed-in.ts` alone. Counts only while the account lists this session. */
  signIn: json(signIn).optional(),
  halfSignIn: json(halfSignIn).optional(),
  /** Taken out by whoever looks at it. */
  ceremony: json(ceremony).optional(),
  /** The secret of an authenticator app that is being added. */
  appSecret: z.string().optional(),
  /** The account page that somebody wanted before they had signed in. */
  wantedPage: z.string().optional(),
  /** The partner's request, by its id in the OpenID provider, that this person is answering. */
  interaction: z.string().optional(),
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
