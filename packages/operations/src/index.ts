export { type AuditEntry, auditedBefore } from './audit.ts'
export {
  endConsoleSession,
  seeConsoleSession,
  signInToConsole,
  tryConsoleSignIn,
} from './console-sessions.ts'
export {
  aboutOf,
  batchesOf,
  type DeadFilter,
  type DeadFilterName,
  type DeadLetter,
  type DeadWhich,
  deadFilterOf,
  deadFilters,
  deadLetters,
  discardDeadLetters,
  type ListedDeadLetters,
  type ReplayAnswer,
  replayDeadLetters,
} from './dead-letters.ts'
export { type Delivery, deliveries, type HeldReceiver, heldReceivers } from './deliveries.ts'
export {
  actOnJob,
  type JobAction,
  type JobAnswer,
  jobActions,
  readJobAnswer,
} from './job-actions.ts'
export {
  type JobCall,
  type JobFacts,
  type JobState,
  type JobSummary,
  jobCalls,
  jobFacts,
  jobStates,
  jobsIn,
  type ListedJobs,
} from './jobs.ts'
export { type LineCounts, lineCountsOf, setLineMessage, setLineMode } from './line.ts'
export { longestLineMessage, readLineMessage } from './line-message.ts'
export { isJobId, isOperatorName } from './names.ts'
export { type Place, readPlace, writePlace } from './place.ts'
export { type QueueFigures, queueFigures } from './queues.ts'
export { type WorkerFigures, type WorkerLife, workerFigures, workerLife } from './workers.ts'
