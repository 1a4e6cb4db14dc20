import { type OutcomeSeen, type Visit, verdicts } from '../history.ts'
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
  const foreign = ['foreign', ...verdicts.filter((verdict) => verdict !== truth)]
  return answers.some(({ ending }) => foreign.includes(ending))
}

function holdsForeignResult(outcome: OutcomeSeen, index: HistoryIndex): boolean {
  const { jobId, verdict, references } = outcome
  const visit = index.visitOf(jobId)
  if (!visit) return true
  const theirs = new Set(index.callsAbout(visit).map(({ transaction }) => transaction))
  return verdict !== visit.truth || references.some((one) => !theirs.has(one))
}

function violation(what: string, jobId: string, index: HistoryIndex): Violation {
  return { promise: 'P3', what, fault: index.faultOf(jobId), who: jobId }
}
