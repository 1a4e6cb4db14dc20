import { expect, test } from 'vitest'
import { check } from './checker.ts'
import { cleanHistory } from './clean-history.ts'
import type { AttemptRow, History } from './history.ts'

const clean = cleanHistory()

/** The same list with one item changed. */
function changed<Item>(items: readonly Item[], index: number, change: (item: Item) => Item) {
  return items.map((item, at) => (at === index ? change(item) : item))
}

function promisesBroken(history: History): string[] {
  return check(history).map(({ promise, what }) => `${promise} ${what}`)
}

test('a clean history passes', () => {
  expect(check(clean)).toEqual([])
})

test('a job whose person never sees an answer is caught', () => {
  const lost = {
    ...clean,
    visits: changed(clean.visits, 7, (visit) => ({ ...visit, answers: [] })),
  }

  expect(check(lost)).toEqual([
    { promise: 'P1', what: 'no answer', fault: 'none', who: 'nonce-7 job-7' },
  ])
})

test('a question asked twice is caught, although each key was billed once', () => {
  const [call] = clean.calls
  const again = { ...clean, calls: [...clean.calls, { ...call, key: 'job-again' }] as never }

  expect(promisesBroken(again)).toContain('P2 resolution billed twice')
})

test('two results that changed places are caught, whether the verdicts differ or not', () => {
  const swap = (one: number, other: number): History => ({
    ...clean,
    outcomes: clean.outcomes.map((outcome, at) => {
      const from = at === one ? other : at === other ? one : at
      return { ...clean.outcomes[from], jobId: outcome.jobId } as typeof outcome
    }),
  })

  expect(check(swap(2, 3)).filter(({ promise }) => promise === 'P3')).toHaveLength(2)
  expect(check(swap(2, 4)).filter(({ promise }) => promise === 'P3')).toHaveLength(2)
})

test("a page that shows somebody else's verdict is caught without looking into Redis", () => {
  const [, second] = clean.visits
  const crossed = {
    ...clean,
    outcomes: [],
    visits: changed(clean.visits, 0, (visit) => ({ ...visit, answers: second?.answers ?? [] })),
  }

  expect(promisesBroken(crossed)).toEqual(['P3 a verdict that is not theirs'])
})

const planted: [string, string, Partial<History>][] = [
  [
    'an answer after 62 seconds',
    'P1 answered too late',
    {
      visits: changed(clean.visits, 1, (visit) => ({
        ...visit,
        answers: [{ ending: 'timed-out', at: (visit.acknowledgedAt ?? 0) + 62_001 }],
      })),
      attempts: changed(clean.attempts, 1, (attempt) => ({
        ...attempt,
        state: 'failed',
        uses: 0,
        reason: 'timed-out',
      })),
    },
  ],
  [
    'a second answer',
    'P1 two answers: verified, timed-out',
    {
      visits: changed(clean.visits, 0, (visit) => ({
        ...visit,
        answers: [...visit.answers, { ending: 'timed-out', at: 1_062_000 }],
      })),
    },
  ],
  [
    'a second job for one submission',
    'P1 one submission, several jobs',
    {
      attempts: [
        ...clean.attempts,
        ...clean.attempts.slice(0, 1).map((attempt) => ({ ...attempt, jobId: 'other', billed: 0 })),
      ],
    },
  ],
  [
    'a question repeated after its answer was kept',
    'P2 resolution asked again after its answer was kept',
    { calls: changed(clean.calls, 0, (call) => ({ ...call, requests: 2, lastAt: 1_000_500 })) },
  ],
  [
    'a bill that nobody wrote down',
    'P2 what was billed is not what was recorded',
    { attempts: changed(clean.attempts, 0, (attempt) => ({ ...attempt, billed: 1 })) },
  ],
  [
    'a vendor asked about somebody else',
    'P3 a vendor asked about another person',
    { calls: changed(clean.calls, 0, (call) => ({ ...call, person: 'person-1' })) },
  ],
  [
    'a question after the deadline',
    'P4 resolution asked after the deadline',
    { calls: changed(clean.calls, 0, (call) => ({ ...call, lastAt: 1_060_001 })) },
  ],
  [
    'a result in the last two seconds',
    'P4 a result stored too late',
    { ledger: changed(clean.ledger, 1, (event) => ({ ...event, settledAt: 1_058_001 })) },
  ],
  [
    'an attempt that stays open',
    'P5 an attempt that is not settled',
    {
      attempts: changed(clean.attempts, 0, (attempt) => ({
        ...attempt,
        state: 'reserved',
        billed: 2,
      })),
    },
  ],
  [
    'a limit given back for a check that was done',
    'P5 a limit that was not given back or kept',
    { attempts: changed(clean.attempts, 0, (attempt) => ({ ...attempt, uses: 0 })) },
  ],
  [
    'an outcome left in Redis',
    'P5 an outcome left in Redis',
    { left: { ...clean.left, outcomeKeys: ['job-0'] } },
  ],
  [
    "a vendor's reply left in the ledger",
    "P5 a vendor's reply left in the ledger",
    { left: { ...clean.left, replies: ['job-0'] } },
  ],
]

test.each(planted)('%s is caught', (_, expected, bug) => {
  expect(promisesBroken({ ...clean, ...bug })).toContain(expected)
})

test('an image left after the answer is caught, unless what struck just then kept it from being removed', () => {
  const left = { ...clean, left: { ...clean.left, images: ['submission-4'] } }
  const [, done] = clean.ledger.filter(({ jobId }) => jobId === 'job-4')
  const struck = { fault: 'kill', healedAt: undefined, victim: 'worker-0.0' }
  const at = (ms: number) => ({ ...left, injections: [{ ...struck, at: (done?.at ?? 0) + ms }] })

  expect(promisesBroken(left)).toEqual(['P5 an image left after the answer'])
  expect(promisesBroken(at(100))).toEqual([])
  expect(promisesBroken(at(60_000))).toEqual(['P5 an image left after the answer'])
})

test('an image that nobody has answered for stays for another try, but not longer than the sweep', () => {
  const failed = {
    ...clean,
    attempts: changed(clean.attempts, 4, (attempt) => ({
      ...attempt,
      state: 'failed',
      reason: 'internal' as const,
      uses: 0,
    })),
    visits: changed(clean.visits, 4, (visit) => ({
      ...visit,
      answers: [{ ending: 'internal' as const, at: 1_001_000 }],
    })),
    outcomes: clean.outcomes.filter(({ jobId }) => jobId !== 'job-4'),
    left: { ...clean.left, images: ['submission-4'] },
  }

  expect(promisesBroken(failed)).toEqual([])
  expect(
    promisesBroken({ ...failed, left: { ...failed.left, imagesAfterSweep: ['submission-4'] } }),
  ).toEqual(['P5 an image left after the sweep'])
})

test('a document of somebody else on the page is caught', () => {
  const foreign = {
    ...clean,
    visits: changed(clean.visits, 2, (visit) => ({
      ...visit,
      answers: [{ ending: 'foreign' as const, at: 1_001_000 }],
    })),
  }

  expect(promisesBroken(foreign)).toEqual(['P3 a verdict that is not theirs'])
})

test('who asked again after trouble has two jobs, and a third is caught', () => {
  const [first] = clean.attempts
  const again = (jobs: number): History => ({
    ...clean,
    visits: changed(clean.visits, 0, (visit) => ({ ...visit, retries: 1 })),
    attempts: [
      ...clean.attempts,
      ...Array.from({ length: jobs }, (_, index) => ({
        ...first,
        jobId: `again-${index}`,
        state: 'failed',
        reason: 'internal',
        uses: 0,
      })),
    ] as AttemptRow[],
  })

  expect(check(again(1))).toEqual([])
  expect(promisesBroken(again(2))).toEqual(['P1 one submission, several jobs'])
})

test('a person who was never acknowledged is promised nothing but that nobody is billed twice', () => {
  const turnedAway = {
    ...clean,
    visits: changed(clean.visits, 0, (visit) => ({
      ...visit,
      acknowledgedAt: undefined,
      answers: [],
    })),
  }

  expect(check(turnedAway)).toEqual([])
})
