export { type Jobs, jobs } from './catalog.ts'
export type { Job, PayloadOf, ResultOf, RetryPolicy } from './define-job.ts'
export {
  type DocumentImage,
  type DocumentType,
  documentType,
  documentTypes,
  imageObjectKey,
  imageTagBytes,
  maxImageBytes,
  type Side,
  side,
  sides,
  sidesOf,
} from './documents.ts'
export * as fields from './fields.ts'
export type { MailTemplate } from './jobs/email-delivery.ts'
export {
  type FailureReason,
  failureReason,
  failureReasons,
  givesAttemptBack,
  type Outcome,
  outcome,
  reasonFromWorker,
} from './outcome.ts'
export {
  type DocumentProblem,
  type DocumentReason,
  documentProblem,
  documentReasons,
  type ReadDocument,
  readDocument,
} from './read-document.ts'
export { type Report, report } from './report.ts'
export {
  destinationSecretName,
  s3BucketName,
  sha256Hex,
  type TransferProblem,
  transferConflicts,
  transferCorrelationId,
  transferFileName,
  transferName,
  transferPath,
  transferProblem,
  transferProblems,
} from './transfers.ts'
export {
  isNewerWire,
  type JobSlot,
  type NewerWire,
  type Open,
  type PackedJob,
  type Packing,
  packJob,
  readWire,
  type Seal,
  unpackJob,
  WireError,
  type WireJob,
} from './wire.ts'
