import { expect, test } from 'vitest'
import { createSlots } from './slots.ts'

test('no more than so many work at once, and all have their turn', async () => {
  const slots = createSlots(2)
  let working = 0
  let most = 0
  const work = async (name: number) => {
    working += 1
    most = Math.max(most, working)
    await new Promise((resolve) => setTimeout(resolve, 2))
    working -= 1
    return name
  }

  const done = await Promise.all([1, 2, 3, 4, 5].map((name) => slots.run(() => work(name))))

  expect(done).toEqual([1, 2, 3, 4, 5])
  expect(most).toBe(2)
})

test('who fails makes room for the next', async () => {
  const slots = createSlots(1)
  const failing = slots.run(() => Promise.reject(new Error('no')))

  await expect(failing).rejects.toThrow('no')

  expect(await slots.run(async () => 'next')).toBe('next')
})
