import { expect, onTestFinished, test } from 'vitest'
import { type Rounds, repeat } from './repeat.ts'

const soon = { everyMs: 5, random: () => 0.5 }

/** Rounds that each last until they are ended by hand. */
function startRounds(): { begun: Begun[]; rounds: Rounds } {
  const begun: Begun[] = []
  const rounds = repeat((mayGoOn) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    begun.push({ mayGoOn, end: resolve })
    return promise
  }, soon)
  onTestFinished(() => void rounds.stop())
  return { begun, rounds }
}

interface Begun {
  readonly mayGoOn: () => boolean
  readonly end: () => void
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('a round begins when the last has ended, however long that takes', async () => {
  const { begun } = startRounds()
  await expect.poll(() => begun.length).toBe(1)
  await pause(30)
  const whileOneLasts = begun.length

  begun[0]?.end()

  await expect.poll(() => begun.length).toBe(2)
  expect(whileOneLasts).toBe(1)
})

test('who stops the rounds can wait for the one under way, which may end early', async () => {
  const { begun, rounds } = startRounds()
  await expect.poll(() => begun.length).toBe(1)
  const before = begun[0]?.mayGoOn()
  let isStopped = false

  const stopped = rounds.stop().then(() => {
    isStopped = true
  })
  await pause(30)

  expect([before, begun[0]?.mayGoOn(), isStopped]).toEqual([true, false, false])
  begun[0]?.end()
  await stopped
})

test('after the stop no round begins, neither the next nor the first', async () => {
  const one = startRounds()
  await expect.poll(() => one.begun.length).toBe(1)
  const other = startRounds()

  await other.rounds.stop()
  const stopped = one.rounds.stop()
  one.begun[0]?.end()
  await stopped
  await pause(30)

  expect([one.begun.length, other.begun.length]).toEqual([1, 0])
})
