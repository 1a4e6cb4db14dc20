import { VendorError } from '@anteroom/vendor-clients'
import { expect, test } from 'vitest'
import { toFailure } from './failure.ts'
import { NoTurnError } from './quota/no-turn-error.ts'

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
