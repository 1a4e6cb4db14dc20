import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ops, opsOf } from '../support/ops.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let worker: RunningService
let ops: Ops
beforeAll(async () => {
  stack = await startTestStack()
  worker = await startService('worker', stack)
  ops = await opsOf(stack)
})
afterAll(async () => {
  await worker.stop()
  await stack.stop()
})

const status = async (): Promise<string> => (await ops(['line', 'status'])).said

test('a rate, a pause and its end are in effect on a running worker when the command says so', async () => {
  const rated = await ops(['line', 'rate', '7/1s'])
  const afterRate = await status()
  const paused = await ops(['line', 'pause'])
  const afterPause = await status()
  const resumed = await ops(['line', 'resume'])
  const afterResume = await status()

  expect([rated, paused, resumed].map(({ code }) => code)).toEqual([0, 0, 0])
  expect(afterRate).toMatch(/rate +7 calls a second/)
  expect(afterPause).toMatch(/calling +paused by an operator/)
  expect(afterPause).toMatch(/rate +7 calls a second/)
  expect(afterResume).toMatch(/calling +goes on/)
})

test('orders given at once all come into effect, whichever the worker does first', async () => {
  const answers = await Promise.all([
    ops(['line', 'rate', '11/1s']),
    ops(['line', 'pause']),
    ops(['line', 'rate', '13/1s']),
  ])

  const after = await status()
  expect(answers.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(after).toMatch(/rate +1[13] calls a second/)
  expect(after).toMatch(/calling +paused by an operator/)
})
