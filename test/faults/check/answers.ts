import { type Visit, verdicts } from '../history.ts'
import type { HistoryIndex } from './history-index.ts'
import type { Rule, Violation } from './rule.ts'

/** The deadline of 60 seconds, and two to fetch the page. */
const answeredWithinMs = 62_000

/** P1: every acknowledged job ends in one visible answer on time, never in two different ones. */
export const answersRule: Rule = ({ visits }, index) =>
  visits.flatMap((visit) => {
    const isPromised = visit.acknowledgedAt !== undefined && !visit.left
    const found = isPromised ? wrongsOf(visit, index) : []
    return found.map(
      (what): Violation => ({
        promise: 'P1',
        what,
        fault: visit.fault,
        who: [visit.nonce, ...index.attemptsOf(visit).map(({ jobId }) => jobId)].join(' '),
      }),
    )
  })

function wrongsOf(visit: Visit, index: HistoryIndex): string[] {
  const { answers, acknowledgedAt = 0 } = visit
  const [first] = answers
  if (!first) return ['no answer']
  const endings = new Set(answers.map(({ ending }) => ending))
  const attempts = index.attemptsOf(visit)
  return [
    ...(first.at - acknowledgedAt > answeredWithinMs ? ['answered too late'] : []),
    ...(endings.size > 1 ? [`two answers: ${[...endings].join(', ')}`] : []),
    ...(endings.has('unknown') ? ['a page that is no answer'] : []),
    ...(attempts.length === 0 ? ['acknowledged without a job'] : []),
    ...(attempts.length > 1 + visit.retries ? ['one submission, several jobs'] : []),
    ...contradictions(visit, index),
  ]
}

/** A verdict on the page is one in the records, too. */
function contradictions(visit: Visit, index: HistoryIndex): string[] {
  const attempts = index.attemptsOf(visit)
  const isVerdict = visit.answers.some(({ ending }) => verdicts.some((one) => one === ending))
  const isFailure = attempts.length > 0 && attempts.every(({ state }) => state === 'failed')
  return isVerdict && isFailure ? ['a verdict shown, a failure recorded'] : []
}
