import { expect, test } from 'vitest'
import { cleanHistory } from './clean-history.ts'
import { recoveriesOf } from './recovery.ts'

const clean = cleanHistory(2)
const kill = { fault: 'kill', healedAt: undefined, victim: 'worker-0.0' }
const start = { state: 'running', settledAt: undefined, jobId: 'job-0' }

test('the time from a kill until another worker claims what it interrupted is its recovery', () => {
  const history = {
    ...clean,
    ledger: [
      { ...start, at: 100, worker: 'worker-0.0', starts: 1 },
      { ...start, at: 2_500, worker: 'worker-1.0', starts: 0, state: 'claimed' },
      { ...start, at: 2_600, worker: 'worker-1.0', starts: 2 },
    ],
    injections: [{ ...kill, at: 400 }],
  }

  expect(recoveriesOf(history)).toEqual(new Map([['kill', [2_100]]]))
})

test('a start committed for a process that was dead by then counts from its commit', () => {
  const history = {
    ...clean,
    ledger: [
      { ...start, at: 450, worker: 'worker-0.0', starts: 1 },
      { ...start, at: 2_500, worker: 'worker-1.0', starts: 2 },
    ],
    injections: [{ ...kill, at: 400 }],
  }

  expect(recoveriesOf(history)).toEqual(new Map([['kill', [2_050]]]))
})

test('an outage has recovered once somebody was acknowledged and some job was started', () => {
  const history = {
    ...clean,
    visits: clean.visits.map((visit) => ({ ...visit, acknowledgedAt: 5_200 })),
    ledger: [{ ...start, at: 5_900, worker: 'worker-0.0', starts: 1 }],
    injections: [{ fault: 'redis-restart', at: 1_000, healedAt: 5_000, victim: undefined }],
  }

  expect(recoveriesOf(history)).toEqual(new Map([['redis-restart', [900]]]))
})
