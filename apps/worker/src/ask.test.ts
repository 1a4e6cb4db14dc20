import { createMetrics } from '@anteroom/runtime'
import { VendorError } from '@anteroom/vendor-clients'
import { expect, test } from 'vitest'
import { createAsking, type Question } from './ask.ts'

const attempt = {
  jobId: 'j',
  token: '1',
  attempt: 1,
  starts: 1,
  crashes: 0,
  leftMs: 1_000,
  startedAt: 0,
}

/** Asks one vendor of whom the ledger already knows this much. */
function askAfter(earlier: ReadonlyMap<string, unknown>, question: Partial<Question<string>>) {
  const asked: string[] = []
  const { ask } = createAsking({
    attempt,
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    signal: new AbortController().signal,
    metrics: createMetrics('test'),
    calls: { earlier: async () => earlier, answered: async () => undefined },
  })
  const call = async () => {
    asked.push('again')
    return 'new answer'
  }
  const answer = ask({ only: { vendor: 'address', timeoutMs: 10, call, ...question } })
  return { asked, answer }
}

test('a vendor without idempotency keys is never asked twice, even if nobody knows what it answered', async () => {
  const { asked, answer } = askAfter(new Map([['address', undefined]]), { once: true })

  await expect(answer).rejects.toEqual(new VendorError('VENDOR_UNAVAILABLE'))
  expect(asked).toEqual([])
})

test('a vendor with idempotency keys is asked again if nobody knows what it answered', async () => {
  const { asked, answer } = askAfter(new Map([['address', undefined]]), {})

  expect(await answer).toEqual({ only: 'new answer' })
  expect(asked).toEqual(['again'])
})

test('a vendor whose answer is known is not asked again', async () => {
  const { asked, answer } = askAfter(new Map([['address', 'old answer']]), {})

  expect(await answer).toEqual({ only: 'old answer' })
  expect(asked).toEqual([])
})
