import { givesAttemptBack } from '@anteroom/job-contracts'
import type { AttemptRow } from '../history.ts'
import type { HistoryIndex } from './history-index.ts'
import { leftImages } from './left-images.ts'
import type { Rule, Violation } from './rule.ts'

/** One use against the person's limit and, where there is a number, one against the number's. */
const usesOf = ({ job }: AttemptRow): number => (job === 'document-proofing' ? 1 : 2)

/** P5: soon after the answer nothing sealed is left, every attempt is settled, and limits hold what they must. */
export const residueRule: Rule = (history, index) => [
  ...leftInStores(history, index),
  ...leftImages(history, index),
  ...history.attempts.flatMap((attempt) => wrongRecord(attempt, index)),
]

const leftInStores: Rule = ({ left }, index) => [
  // Jobs that the web asks for on its own have outcomes, too, and nobody fetches them.
  ...left.outcomeKeys
    .filter((jobId) => index.attempt(jobId))
    .map((jobId) => violation('an outcome left in Redis', jobId, index)),
  ...left.queueRows.map((jobId) => violation('a row left in the queue', jobId, index)),
  ...left.ledgerOutcomes.map((jobId) => violation('an outcome left in the ledger', jobId, index)),
  ...left.replies.map((jobId) => violation("a vendor's reply left in the ledger", jobId, index)),
]

function wrongRecord(attempt: AttemptRow, index: HistoryIndex): Violation[] {
  const { state, reason, uses, jobId } = attempt
  if (state !== 'done' && state !== 'failed') {
    return [violation('an attempt that is not settled', jobId, index)]
  }
  const isKept = reason === undefined || !givesAttemptBack(reason)
  const wrongs = [
    ...(uses === (isKept ? usesOf(attempt) : 0) ? [] : ['a limit that was not given back or kept']),
    ...(isKept && wasToldOtherwise(jobId, index) ? ['a try kept that was said to be free'] : []),
  ]
  return wrongs.map((what) => violation(what, jobId, index))
}

/** Every page for a failure that is not the person's says that no try was used. */
function wasToldOtherwise(jobId: string, index: HistoryIndex): boolean {
  const told = index.visitOf(jobId)?.answers ?? []
  return told.some(({ ending }) =>
    ['timed-out', 'vendor-unavailable', 'unreadable', 'internal', 'cancelled'].includes(ending),
  )
}

function violation(what: string, jobId: string, index: HistoryIndex): Violation {
  return { promise: 'P5', what, fault: index.faultOf(jobId), who: jobId }
}
