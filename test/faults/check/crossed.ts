import type { OutcomeSeen, Visit } from '../history.ts'
import type { HistoryIndex } from './history-index.ts'
import type { Rule, Violation } from './rule.ts'

/** P3: nobody sees another's result. The verdict, the vendors' numbers in it and the question all belong to one person. */
export const crossedRule: Rule = ({ visits, outcomes, calls }, index) => [
  ...visits.filter(showsForeignVerdict).map(
    (visit): Violation => ({
      promise: 'P3',
      what: 'a verdict that is not theirs',
      fault: visit.fault,
      who: visit.nonce,
    }),
  ),
  ...outcomes
    .filter((outcome) => holdsForeignResult(outcome, index))
    .map(({ jobId }) => violation('an outcome with a result that is not theirs', jobId, index)),
  ...calls
    .filter(({ key, person }) => (index.visitOf(key)?.vendorHash ?? person) !== person)
    .map(({ key }) => violation('a vendor asked about another person', key, index)),
]

function showsForeignVerdict({ answers, truth }: Visit): boolean {
  return answers.some(({ ending }) => ending.endsWith('verified') && ending !== truth)
}

function holdsForeignResult(outcome: OutcomeSeen, index: HistoryIndex): boolean {
  const { jobId, verified, references } = outcome
  const visit = index.visitOf(jobId)
  if (!visit) return true
  const theirs = new Set(index.callsAbout(visit).map(({ transaction }) => transaction))
  return verified !== (visit.truth === 'verified') || references.some((one) => !theirs.has(one))
}

function violation(what: string, jobId: string, index: HistoryIndex): Violation {
  return { promise: 'P3', what, fault: index.faultOf(jobId), who: jobId }
}
