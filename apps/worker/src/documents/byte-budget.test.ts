import { expect, test } from 'vitest'
import { createByteBudget } from './byte-budget.ts'

const open = new AbortController().signal

/** Takes shares without waiting for them, and says which have been given. */
function takers(totalBytes: number) {
  const levels: number[] = []
  const budget = createByteBudget(totalBytes, (taken) => levels.push(taken))
  const given: string[] = []
  return {
    budget,
    levels,
    given,
    async take(name: string, bytes: number, signal = open) {
      const share = await budget.take(bytes, signal)
      given.push(name)
      return share
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('a share is given at once while there is enough, and no more than there is', async () => {
  const { take, given, levels } = takers(100)

  await take('a', 60)
  await take('b', 40)
  void take('c', 1)
  await settled()

  expect(given).toEqual(['a', 'b'])
  expect(Math.max(...levels)).toBe(100)
})

test('who has waited longest is served first, even if less would do for others', async () => {
  const { take, given } = takers(100)
  const first = await take('first', 60)
  void take('large', 90)
  void take('small', 10)
  await settled()
  expect(given).toEqual(['first'])

  first.giveBack()
  await settled()

  expect(given).toEqual(['first', 'large', 'small'])
})

test('a share that is given back twice is counted once', async () => {
  const { take, levels } = takers(100)
  const share = await take('a', 70)

  share.giveBack()
  share.giveBack()

  expect(levels).toEqual([70, 0])
})

test('more than there is at all is everything, once nobody else has any', async () => {
  const { take, given } = takers(100)
  const first = await take('first', 1)
  void take('huge', 1_000)
  await settled()
  expect(given).toEqual(['first'])

  first.giveBack()
  await settled()

  expect(given).toEqual(['first', 'huge'])
})

test('who stops waiting lets the others pass', async () => {
  const { take, given } = takers(100)
  const stopped = new AbortController()
  await take('first', 60)
  const large = take('large', 90, stopped.signal)
  void take('small', 40)
  const reason = new Error('stopped')

  stopped.abort(reason)

  await expect(large).rejects.toBe(reason)
  await settled()
  expect(given).toEqual(['first', 'small'])
})

test('nobody begins to wait who has stopped already', async () => {
  const { budget } = takers(100)

  await expect(budget.take(1, AbortSignal.abort())).rejects.toThrow()
})
