import { expect, test } from 'vitest'
import { startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'
import { waitForAnswer, walkToWaiting, withoutDocuments } from '../support/walk.ts'

test('a worker with ruby_workers_enabled off takes no job, and one with it on finds it', async () => {
  const stack = await startTestStack()
  const off = { settings: { ANTEROOM_RUBY_WORKERS_ENABLED: 'false' } }
  const [web, idle] = await Promise.all([
    startService('web', stack, { settings: withoutDocuments }),
    startService('worker', stack, off),
  ])

  const { person } = await walkToWaiting(web.url)
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  const held = await person.get('/verify/wait')
  const begun = idle.logged('job.done').length + idle.logged('job.failed').length
  await idle.stop()
  const worker = await startService('worker', stack, {
    settings: { ANTEROOM_RUBY_WORKERS_ENABLED: 'true' },
  })
  const answer = await waitForAnswer(person)
  await Promise.all([web.stop(), worker.stop()])
  await stack.stop()

  expect(held.path).toBe('/verify/wait')
  expect(begun).toBe(0)
  expect(answer.heading).toBe('Your details match')
})
