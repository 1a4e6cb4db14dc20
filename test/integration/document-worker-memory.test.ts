import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DocumentDesk, openDocumentDesk } from '../support/document-desk.ts'
import { paddedCards } from '../support/padded-cards.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'

const megabyte = 1024 * 1024
const budget = 64 * megabyte

let stack: Awaited<ReturnType<typeof startTestStack>>
let worker: RunningService
let desk: DocumentDesk
beforeAll(async () => {
  stack = await startTestStack({ keys: 'local' })
  const settings = {
    ANTEROOM_DOCUMENT_MEMORY_BYTES: String(budget),
    ANTEROOM_DOCUMENT_FIXTURES: 'false',
  }
  worker = await startService('worker', stack, { settings })
  desk = openDocumentDesk(stack)
  await warmUp()
})
afterAll(async () => {
  await desk.close()
  await worker.stop()
  await stack.stop()
})

test('50 photos of 5 MB, all due at once, are decoded within the memory that the settings give', async () => {
  const submissions = []
  for (const files of await paddedCards(25, 5 * megabyte)) {
    submissions.push(await desk.upload(files))
  }
  const beforeMb = await residentMb('VmRSS')
  const watch = watchHeldBytes()

  const ids = await Promise.all(submissions.map(({ payload }) => desk.enqueue(payload)))
  await Promise.all(ids.map((id) => desk.untilAnswered(id)))

  const held = await watch.stop()
  const results = await Promise.all(ids.map((id) => desk.resultOf(id)))
  expect(results.map(({ verdict }) => verdict)).toEqual(
    ids.map((_, card) => (card % 5 === 0 ? 'read' : 'refused')),
  )
  expect(Math.max(...held)).toBeGreaterThan(40 * megabyte)
  expect(Math.max(...held)).toBeLessThanOrEqual(budget)
  expect(await heldBytes()).toBe(0)
  // 500 MB would be held if nobody waited. What the garbage collector has not seen yet comes on top of the budget.
  expect((await residentMb('VmHWM')) - beforeMb).toBeLessThan(300)
  await expect.poll(() => desk.stored()).toEqual([])
}, 120_000)

/** Starts both threads of the reader: what they need for themselves is no image's. */
async function warmUp(): Promise<void> {
  const cards = await paddedCards(2, 0)
  const submissions = await Promise.all(cards.map((files) => desk.upload(files)))
  const ids = await Promise.all(submissions.map(({ payload }) => desk.enqueue(payload)))
  await Promise.all(ids.map((id) => desk.untilAnswered(id)))
}

/** What the process holds, or held at most, in megabytes. */
async function residentMb(field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${worker.pid}/status`, 'utf8')
  const [, kilobytes = ''] = new RegExp(`${field}:\\s+(\\d+) kB`).exec(status) ?? []
  return Number(kilobytes) / 1024
}

async function heldBytes(): Promise<number> {
  const metrics = await (await fetch(`${worker.internalUrl}/metrics`)).text()
  const [, bytes = '0'] = /^document_memory_bytes(?:\{[^}]*\})? (\d+)/m.exec(metrics) ?? []
  return Number(bytes)
}

function watchHeldBytes() {
  const held: number[] = []
  let running = true
  const watching = (async () => {
    while (running) {
      held.push(await heldBytes())
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  return {
    async stop() {
      running = false
      await watching
      return held
    },
  }
}
