import { expect, test } from 'vitest'
import { createAtOnce } from './at-once.ts'

test('no more work runs at once than may, it goes in its order, and is full before too much waits', async () => {
  const atOnce = createAtOnce({ most: 2, waiting: 3 })
  const order: number[] = []
  let running = 0
  let most = 0
  const work = (number: number) =>
    atOnce.run(async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 5))
      order.push(number)
      running -= 1
    })

  const four = [1, 2, 3, 4].map(work)
  const isFullBefore = atOnce.isFull()
  const fifth = work(5)
  const isFull = atOnce.isFull()
  await Promise.all([...four, fifth])

  expect(most).toBe(2)
  expect(order).toEqual([1, 2, 3, 4, 5])
  expect([isFullBefore, isFull, atOnce.isFull()]).toEqual([false, true, false])
})

test('work that fails gives its place to the next', async () => {
  const atOnce = createAtOnce({ most: 1, waiting: 1 })

  const failing = atOnce.run(() => Promise.reject(new Error('no')))
  const next = atOnce.run(async () => 'done')

  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('done')
})
