import type { AttemptRow, History, VendorCall, Visit } from './history.ts'

/** People who came and were answered as they should be: half of them match. For tests of the checker, which plant bugs in it. */
export function cleanHistory(count = 20): History {
  const people = Array.from({ length: count }, (_, index) => person(index))
  return {
    visits: people.map(({ visit }) => visit),
    attempts: people.map(({ attempt }) => attempt),
    calls: people.flatMap(({ calls }) => calls),
    ledger: people.flatMap(({ attempt: { jobId, enqueuedAt } }) => [
      event(jobId, { at: enqueuedAt + 10, state: 'running' }),
      event(jobId, { at: enqueuedAt + 900, state: 'done', settledAt: enqueuedAt + 900 }),
    ]),
    questions: people.flatMap(({ attempt, calls }) =>
      calls.map(({ vendor, lastAt }) => ({
        jobId: attempt.jobId,
        vendor,
        answeredAt: lastAt + 100,
      })),
    ),
    outcomes: people.map(({ attempt, calls, visit }) => ({
      jobId: attempt.jobId,
      verdict: visit.truth ?? 'not-verified',
      references: calls.map(({ transaction }) => transaction),
    })),
    left: {
      outcomeKeys: [],
      queueRows: [],
      ledgerOutcomes: [],
      replies: [],
      images: [],
      imagesAfterSweep: [],
    },
    leases: [],
    injections: [],
  }
}

function event(
  jobId: string,
  { at, state, settledAt }: { at: number; state: string; settledAt?: number },
) {
  return { jobId, at, state, settledAt, worker: 'worker-0.0', starts: 1 }
}

function person(index: number): { visit: Visit; attempt: AttemptRow; calls: VendorCall[] } {
  const enqueuedAt = 1_000_000 + index * 40
  const jobId = `job-${index}`
  const truth = index % 2 === 0 ? 'verified' : 'not-verified'
  const calls = ['resolution', 'state-id'].map((vendor) => ({
    vendor,
    key: jobId,
    requests: 1,
    billed: 1,
    person: `person-${index}`,
    transaction: `${vendor}-${index}`,
    lastAt: enqueuedAt + 20,
  }))
  return {
    calls,
    visit: {
      nonce: `nonce-${index}`,
      fault: 'none',
      vendorHash: `person-${index}`,
      deviceHash: `device-${index}`,
      truth,
      acknowledgedAt: enqueuedAt + 5,
      left: false,
      answers: [
        { ending: truth, at: enqueuedAt + 1_000 },
        { ending: truth, at: enqueuedAt + 3_000 },
      ],
      retries: 0,
      submissions: [`submission-${index}`],
      troubles: 0,
      slowestReplyMs: 12,
      slowReplies: 0,
    },
    attempt: {
      deviceHash: `device-${index}`,
      jobId,
      job: 'resolution-proofing',
      enqueuedAt,
      deadlineAt: enqueuedAt + 60_000,
      state: 'done',
      reason: undefined,
      billed: 2,
      uses: 2,
    },
  }
}
