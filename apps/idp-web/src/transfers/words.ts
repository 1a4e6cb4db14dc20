import type { TransferProblem } from '@anteroom/job-contracts'
import type { TransferStateName } from './schemas.ts'

/** What the reference page and docs/transfers.md say of states, and of why a transfer fails or waits. */

export const stateWords: Readonly<Record<TransferStateName, string>> = {
  queued: 'No worker has begun it',
  running: 'It is being moved; `bytes` says how far it is',
  waiting: 'A try failed, for the reason in `problem`; the next begins at `next_attempt_at`',
  delivered:
    'The whole file stands at its destination under `filename`, and its SHA-256 is `sha256`',
  failed: 'It does not, for the reason in `problem`',
  cancelled: 'You stopped it',
}

export const reasonWords: Readonly<Record<TransferProblem, string>> = {
  'source-forbidden': 'The source, or a redirect from it, leads where no file may be fetched',
  'source-unreachable': 'It could not be reached, or failed (5xx), or was silent',
  'source-refused': 'It refused (another 4xx)',
  'source-not-found': 'It has no such file',
  'source-expired': 'The link is not good any more, or time was up',
  'source-too-large': 'The file is larger than your consumer may have moved',
  'source-incomplete': 'It ended before the length it had told',
  'source-changed': 'It was another file on the next try',
  'hash-mismatch': 'It is not the file whose `sha256` you gave',
  'too-many-redirects': 'More than three',
  'destination-unknown': 'The worker has no such destination',
  'destination-unreachable': 'It could not be reached, or failed',
  'destination-refused': 'It refused the file or our credentials',
  'destination-busy': 'It asked us to come later',
  'destination-full': 'It has no room',
  'file-exists': 'A file of that name is there, and `conflict` was `fail`',
  'timed-out': 'There was no end by the deadline',
  unreadable: 'The job, or what the worker said of its end, could not be opened any more',
  cancelled: 'You stopped it',
  internal: 'Something of ours failed',
}
