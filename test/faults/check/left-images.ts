import type { AttemptRow, History, Visit } from '../history.ts'
import type { HistoryIndex } from './history-index.ts'
import type { Rule } from './rule.ts'

/** An image is removed right after the result is stored. What strikes so soon before or after may have kept it from that. */
const removedWithinMs = 5_000

/**
 * P5 for images: they go with the answer. What nobody has answered for stays for another try, and what a dead worker or a
 * server out of reach left stays, until the sweep; after that there is none.
 */
export const leftImages: Rule = (history, index) => [
  ...history.left.images.flatMap((submission) => {
    const visit = history.visits.find(({ submissions }) => submissions.includes(submission))
    const wrong = visit && answeredFor(visit, index).find((one) => !isExcused(one, history, index))
    return wrong ? [violation('an image left after the answer', visit.fault, submission)] : []
  }),
  ...history.left.imagesAfterSweep.map((submission) =>
    violation('an image left after the sweep', 'unknown', submission),
  ),
]

function answeredFor(visit: Visit, index: HistoryIndex): AttemptRow[] {
  return index.attemptsOf(visit).filter(({ state }) => state === 'done')
}

function isExcused({ jobId }: AttemptRow, { injections }: History, index: HistoryIndex): boolean {
  const done = index.ledgerOf(jobId).find(({ state }) => state === 'done')
  if (!done) return false
  return injections.some(({ victim, at, healedAt = at }) => {
    const isNear = at < done.at + removedWithinMs && healedAt > done.at - removedWithinMs
    return isNear && (victim === undefined || victim === done.worker)
  })
}

function violation(what: string, fault: string, who: string) {
  return { promise: 'P5', what, fault, who } as const
}
