import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createSlots } from './slots.ts'

const here = new AbortController().signal

test('no more than so many work at once, and those who wait have their turn in order', async () => {
  const slots = createSlots({ atOnce: 2, inLine: 3 })
  const working: string[] = []
  const enter = async (owner: string) => {
    const leave = await slots.enter(owner, here)
    working.push(owner)
    return leave
  }
  const [first, , third] = ['a', 'b', 'c', 'd'].map(enter)

  await setImmediate()
  const before = [...working]
  ;(await first)?.()
  ;(await third)?.()
  await setImmediate()

  expect(before).toEqual(['a', 'b'])
  expect(working).toEqual(['a', 'b', 'c', 'd'])
})

test('an owner works once at a time and stands in the line once, and holds up nobody else', async () => {
  const slots = createSlots({ atOnce: 2, inLine: 5 })
  const leave = await slots.enter('a', here)
  const second = slots.enter('a', here)

  const third = await slots.enter('a', here)
  const other = await slots.enter('b', here)
  leave?.()

  expect(third).toBeUndefined()
  expect(other).toBeTypeOf('function')
  expect(await second).toBeTypeOf('function')
})

test('the line has an end', async () => {
  const slots = createSlots({ atOnce: 1, inLine: 1 })
  await slots.enter('a', here)
  void slots.enter('b', here)

  expect(await slots.enter('c', here)).toBeUndefined()
})

test('who is gone makes room in the line', async () => {
  const slots = createSlots({ atOnce: 1, inLine: 1 })
  const leaveFirst = await slots.enter('a', here)
  const visit = new AbortController()
  const gone = slots.enter('b', visit.signal)

  visit.abort()
  const next = slots.enter('c', here)
  leaveFirst?.()

  expect(await gone).toBeUndefined()
  expect(await next).toBeTypeOf('function')
})
