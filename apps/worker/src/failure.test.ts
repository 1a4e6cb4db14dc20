import { type TransferProblem, transferProblems } from '@anteroom/job-contracts'
import { TransferError, VendorError } from '@anteroom/vendor-clients'
import { describe, expect, test } from 'vitest'
import { toFailure } from './failure.ts'
import { NoTurnError } from './quota/no-turn-error.ts'
import { DestinationRestsError } from './transfers/destination-rests-error.ts'
import { TransferProblemError } from './transfers/transfer-problem-error.ts'

const cause = new Error('HTTP_429')

test.each([
  [new VendorError('VENDOR_BUSY', { cause, retryAfterMs: 7_000 }), 'VENDOR_BUSY', 7_000],
  [new NoTurnError(1_000), 'QUOTA_NO_TURN', 1_000],
])(
  '%o of a vendor that gives turns puts the job off at no cost of an attempt',
  (error, code, putOffMs) => {
    const failure = toFailure(error, { givesTurns: true })

    expect(failure).toEqual({ reason: 'vendor-unavailable', retryable: true, code, putOffMs })
  },
)

test('a vendor that gives no turns and asks to be left alone costs an attempt, as one that is out of order does', () => {
  const busy = new VendorError('VENDOR_BUSY', { cause, retryAfterMs: 7_000 })

  const failure = toFailure(busy, { givesTurns: false })

  expect(failure).toEqual({ reason: 'vendor-unavailable', retryable: true, code: 'VENDOR_BUSY' })
})

test.each(['VENDOR_UNAVAILABLE', 'VENDOR_TIMEOUT', 'VENDOR_REFUSED', 'CALL_ABORTED'] as const)(
  '%s costs an attempt, if there is another',
  (code) => {
    expect(toFailure(new VendorError(code), { givesTurns: true }).putOffMs).toBeUndefined()
  },
)

describe('of a transfer', () => {
  /** Whether it is tried again. What is not here is never thrown: it is told by its reason alone. */
  const isTriedAgain = {
    'source-forbidden': false,
    'source-unreachable': true,
    'source-refused': false,
    'source-not-found': false,
    'source-expired': false,
    'source-too-large': false,
    'source-incomplete': true,
    'source-changed': true,
    'hash-mismatch': false,
    'too-many-redirects': false,
    'destination-unknown': false,
    'destination-unreachable': true,
    'destination-refused': false,
    'destination-busy': true,
    'destination-full': true,
    'file-exists': false,
    cancelled: false,
  } as const satisfies Partial<Record<TransferProblem, boolean>>
  type Thrown = keyof typeof isTriedAgain
  const ours = ['hash-mismatch', 'destination-unknown', 'cancelled'] as const

  function errorOf(code: Thrown): Error {
    const mine = ours.find((it) => it === code)
    return mine
      ? new TransferProblemError(mine)
      : new TransferError(code as Exclude<Thrown, (typeof ours)[number]>)
  }

  test.each(Object.entries(isTriedAgain) as [Thrown, boolean][])(
    '%s is told under its own name, and whether it is tried again is %s',
    (code, retryable) => {
      expect(toFailure(errorOf(code), { givesTurns: false })).toMatchObject({ code, retryable })
    },
  )

  test('every problem is here, but those that are told by their reason', () => {
    const byReason = transferProblems.filter((code) => !(code in isTriedAgain))

    expect(byReason).toEqual(['timed-out', 'unreadable', 'internal'])
  })

  test('a destination that rests is asked after its rest, at no cost of an attempt', () => {
    const failure = toFailure(new DestinationRestsError(15_000), { givesTurns: false })

    expect(failure).toMatchObject({
      ...{ retryable: true, retryAfterMs: 15_000, costsNothing: true },
      code: 'destination-unreachable',
    })
  })
})
