import { specimens } from '@anteroom/infra/specimens/index.ts'
import { expect, test } from 'vitest'
import { openDocumentDesk } from '../support/document-desk.ts'
import { startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'
import { waitForAnswer, walkToWaiting, withoutDocuments } from '../support/walk.ts'

test('what the build made, and not only the source, verifies a person', async () => {
  const stack = await startTestStack()
  const [web, worker] = await Promise.all([
    startService('web', stack, { built: true, settings: withoutDocuments }),
    startService('worker', stack, { built: true }),
  ])

  const { person } = await walkToWaiting(web.url)
  const answer = await waitForAnswer(person)
  const codes = await Promise.all([web.stop(), worker.stop()])
  await stack.stop()

  expect(answer.heading).toBe('Your details match')
  expect(codes).toEqual([0, 0])
})

test('the built worker brings what its document reader needs', async () => {
  const stack = await startTestStack({ keys: 'local' })
  const worker = await startService('worker', stack, { built: true })
  const desk = openDocumentDesk(stack)
  const [card] = specimens
  const { payload } = await desk.upload((await card?.files()) ?? {})

  const id = await desk.enqueue(payload)
  await desk.untilAnswered(id)

  expect(await desk.resultOf(id)).toMatchObject({ verdict: 'read', toConfirm: false })
  await desk.close()
  expect(await worker.stop()).toBe(0)
  await stack.stop()
})
