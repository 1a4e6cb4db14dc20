import type { Rule, Violation } from './rule.ts'

/** The worker is silent this long before the web says that time is up. */
const silenceMs = 2_000

/** P4: nothing starts or is stored after the deadline. */
export const lateRule: Rule = ({ calls, ledger }, index) => {
  const deadlineOf = (jobId: string) => index.attempt(jobId)?.deadlineAt ?? Number.POSITIVE_INFINITY
  const violation = (what: string, jobId: string): Violation => ({
    promise: 'P4',
    what,
    fault: index.faultOf(jobId),
    who: jobId,
  })
  return [
    ...calls
      .filter(({ key, lastAt }) => lastAt > deadlineOf(key))
      .map(({ key, vendor }) => violation(`${vendor} asked after the deadline`, key)),
    ...ledger
      .filter(({ state }) => state === 'done')
      .filter(({ jobId, settledAt = 0 }) => settledAt > deadlineOf(jobId) - silenceMs)
      .map(({ jobId }) => violation('a result stored too late', jobId)),
  ]
}
