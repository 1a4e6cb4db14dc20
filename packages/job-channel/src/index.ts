export { type Db, inSoleTransaction, inTransaction, isCommitUnknown } from './database.ts'
export { type DatabaseClock, startDatabaseClock } from './database-clock.ts'
export {
  askToStop,
  cancelJobs,
  type Enqueued,
  enqueueJobs,
  type JobRider,
  newJobId,
  toJobRider,
} from './enqueue.ts'
export { createGroupCommit, type GroupCommitOptions } from './group-commit.ts'
export {
  forgetOutcome,
  listenForOutcomes,
  type OutcomeListener,
  outcomeSecondsLeft,
  pushOutcome,
  readOutcome,
  timeOut,
  wakePages,
} from './outcomes.ts'
export {
  countStarted,
  type QuotaState,
  quotaFields,
  quotaKey,
  readQuota,
  startedKeptMs,
  startedKey,
  startedOf,
} from './quota.ts'
export {
  pushReport,
  type ReportConsumer,
  type ReportConsumerOptions,
  startReportConsumer,
} from './reports.ts'
