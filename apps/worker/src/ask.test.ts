import { createMetrics } from '@anteroom/runtime'
import { type CallOptions, VendorError } from '@anteroom/vendor-clients'
import { expect, test } from 'vitest'
import { createAsking, type Question } from './ask.ts'
import type { Turn } from './quota/turn.ts'
import type { VendorName } from './vendors.ts'

const attempt = {
  jobId: 'j',
  token: '1',
  attempt: 1,
  starts: 1,
  crashes: 0,
  leftMs: 1_000,
  startedAt: 0,
  failedBefore: undefined,
}

/** Asks one vendor of whom the ledger already knows this much. */
function askAfter(
  earlier: ReadonlyMap<string, unknown>,
  question: Partial<Question<string>>,
  vendor?: VendorName,
) {
  const asked: string[] = []
  const { ask } = createAsking({
    attempt,
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    signal: new AbortController().signal,
    metrics: createMetrics('test'),
    turn: vendor && turnAt(vendor, asked),
    calls: { earlier: async () => earlier, answered: async () => undefined },
  })
  const call = async ({ idempotencyKey }: CallOptions) => {
    asked.push(`asked as ${idempotencyKey}`)
    return 'new answer'
  }
  const answer = ask({ only: { vendor: 'address', timeoutMs: 10, call, ...question } })
  return { asked, answer }
}

function turnAt(vendor: VendorName, seen: string[]): Turn {
  return {
    vendor,
    approach: async () => undefined,
    take: async () => void seen.push('turn'),
    leaveAlone: async (forMs) => void seen.push(`left alone for ${forMs} ms`),
  }
}

test('a vendor without idempotency keys is never asked twice, even if nobody knows what it answered', async () => {
  const { asked, answer } = askAfter(new Map([['address', undefined]]), { once: true })

  await expect(answer).rejects.toEqual(new VendorError('VENDOR_UNAVAILABLE'))
  expect(asked).toEqual([])
})

test('a vendor with idempotency keys is asked again if nobody knows what it answered', async () => {
  const { asked, answer } = askAfter(new Map([['address', undefined]]), {})

  expect(await answer).toEqual({ only: 'new answer' })
  expect(asked).toEqual(['asked as j'])
})

test('a vendor whose answer is known is not asked again', async () => {
  const { asked, answer } = askAfter(new Map([['address', 'old answer']]), {})

  expect(await answer).toEqual({ only: 'old answer' })
  expect(asked).toEqual([])
})

test('a vendor with a quota is asked when the turn comes, and under the key of the question', async () => {
  const { asked, answer } = askAfter(new Map(), { idempotencyKey: 'k' }, 'address')

  await answer
  expect(asked).toEqual(['turn', 'asked as k'])
})

test('no turn is taken at another vendor, or for an answer that is known', async () => {
  const other = askAfter(new Map(), {}, 'registry')
  const known = askAfter(new Map([['address', 'old answer']]), {}, 'address')

  await Promise.all([other.answer, known.answer])
  expect(other.asked).toEqual(['asked as j'])
  expect(known.asked).toEqual([])
})

test('a vendor that asks to be left alone is left alone by everybody', async () => {
  const busy = new VendorError('VENDOR_BUSY', { cause: new Error('HTTP_429'), retryAfterMs: 5_000 })
  const { asked, answer } = askAfter(new Map(), { call: () => Promise.reject(busy) }, 'address')

  await expect(answer).rejects.toBe(busy)
  expect(asked).toEqual(['turn', 'left alone for 5000 ms'])
})
