import { expect, test } from 'vitest'
import { startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'
import { waitForAnswer, walkToWaiting } from '../support/walk.ts'

test('what the build made, and not only the source, verifies a person', async () => {
  const stack = await startTestStack()
  const [web, worker] = await Promise.all([
    startService('web', stack, { built: true }),
    startService('worker', stack, { built: true }),
  ])

  const { person } = await walkToWaiting(web.url)
  const answer = await waitForAnswer(person)
  const codes = await Promise.all([web.stop(), worker.stop()])
  await stack.stop()

  expect(answer.heading).toBe('Your details match')
  expect(codes).toEqual([0, 0])
})
