import type { AttemptRow, History, LedgerEvent, VendorCall, Visit } from '../history.ts'

/** The history by the ids that tie its sides together. */
export interface HistoryIndex {
  attemptsOf(visit: Visit): readonly AttemptRow[]
  attempt(jobId: string): AttemptRow | undefined
  visitOf(jobId: string): Visit | undefined
  callsAbout(visit: Visit): readonly VendorCall[]
  callsWithKey(jobId: string): readonly VendorCall[]
  /** In order of time. */
  ledgerOf(jobId: string): readonly LedgerEvent[]
  /** The fault that was going on when this job was handed in. */
  faultOf(jobId: string): string
}

export function indexOf({ visits, attempts, calls, ledger }: History): HistoryIndex {
  const attemptsByDevice = Map.groupBy(attempts, ({ deviceHash }) => deviceHash)
  const attemptByJob = new Map(attempts.map((attempt) => [attempt.jobId, attempt]))
  const visitByDevice = new Map(visits.map((visit) => [visit.deviceHash, visit]))
  const callsByPerson = Map.groupBy(calls, ({ person }) => person)
  const callsByKey = Map.groupBy(calls, ({ key }) => key)
  const inOrder = ledger.toSorted((one, other) => one.at - other.at || one.starts - other.starts)
  const ledgerByJob = Map.groupBy(inOrder, ({ jobId }) => jobId)

  const visitOf = (jobId: string) => {
    const attempt = attemptByJob.get(jobId)
    return attempt && visitByDevice.get(attempt.deviceHash)
  }
  return {
    attemptsOf: ({ deviceHash }) => attemptsByDevice.get(deviceHash ?? '') ?? [],
    attempt: (jobId) => attemptByJob.get(jobId),
    visitOf,
    callsAbout: ({ vendorHash }) => callsByPerson.get(vendorHash) ?? [],
    callsWithKey: (jobId) => callsByKey.get(jobId) ?? [],
    ledgerOf: (jobId) => ledgerByJob.get(jobId) ?? [],
    faultOf: (jobId) => visitOf(jobId)?.fault ?? 'unknown',
  }
}
