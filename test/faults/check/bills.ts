import type { QuestionRow, VendorCall, Visit } from '../history.ts'
import type { HistoryIndex } from './history-index.ts'
import type { Rule, Violation } from './rule.ts'

/** Between a vendor's note of a request and ours of the answer lies some time in which nothing is wrong. */
const sameMomentMs = 50

/** P2: no vendor is billed twice for one job, or asked again what it has answered; what it billed is recorded. */
export const billsRule: Rule = ({ visits, calls, questions, attempts }, index) => [
  ...visits.flatMap((visit) => billedTwice(visit, index)),
  ...calls.filter(({ key }) => !index.attempt(key)).map(unknownKey),
  ...questions.flatMap((question) => askedAgain(question, index)),
  ...attempts
    .filter(({ state, jobId, billed }) => state === 'done' && billed !== billedFor(jobId, index))
    .map(({ jobId }) => violation('what was billed is not what was recorded', jobId, index)),
]

/** Told by the person and not by the key: a second key for the same question is a second bill. */
function billedTwice(visit: Visit, index: HistoryIndex): Violation[] {
  const jobs = index.attemptsOf(visit).length
  const byVendor = Map.groupBy(index.callsAbout(visit), ({ vendor }) => vendor)
  return [...byVendor]
    .filter(([, calls]) => sumOf(calls) > jobs)
    .map(([vendor]) => ({
      promise: 'P2',
      what: `${vendor} billed twice`,
      fault: visit.fault,
      who: visit.nonce,
    }))
}

function unknownKey({ key, vendor }: VendorCall): Violation {
  return { promise: 'P2', what: `${vendor} asked for no known job`, fault: 'unknown', who: key }
}

function askedAgain({ jobId, vendor, answeredAt }: QuestionRow, index: HistoryIndex): Violation[] {
  if (answeredAt === undefined) return []
  return index
    .callsWithKey(jobId)
    .filter((call) => call.vendor === vendor && call.requests > 1)
    .filter((call) => call.lastAt > answeredAt + sameMomentMs)
    .map(() => violation(`${vendor} asked again after its answer was kept`, jobId, index))
}

function billedFor(jobId: string, index: HistoryIndex): number {
  return sumOf(index.callsWithKey(jobId))
}

function sumOf(calls: readonly VendorCall[]): number {
  return calls.reduce((sum, { billed }) => sum + billed, 0)
}

function violation(what: string, jobId: string, index: HistoryIndex): Violation {
  return { promise: 'P2', what, fault: index.faultOf(jobId), who: jobId }
}
