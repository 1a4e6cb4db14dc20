import { specimens } from '@anteroom/infra/specimens/index.ts'
import { runTaskListOnce, type TaskList } from 'graphile-worker'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createQueueLogger } from '../../apps/worker/src/queue-log.ts'
import { createTaskList } from '../../apps/worker/src/tasks/index.ts'
import type { Files } from '../support/document-desk.ts'
import { type DocumentWorker, startDocumentWorker } from '../support/document-worker.ts'

let worker: DocumentWorker
let card: Files
beforeAll(async () => {
  const [clean] = specimens
  card = (await clean?.files()) ?? {}
  worker = await startDocumentWorker({
    ANTEROOM_CONCURRENT_JOBS: '3',
    ANTEROOM_DOCUMENT_JOBS: '1',
    ANTEROOM_DOCUMENT_FIXTURES: 'false',
  })
})
afterAll(() => worker.stop())
beforeEach(() => {
  worker.logLines.length = 0
})

const logged = (event: string) =>
  worker.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === event)

/** Our reader, who begins when he is told to. */
function patientReader() {
  const { documents } = worker.deps
  const told = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const read: typeof documents.reader.read = async (request) => {
    asked.resolve()
    await told.promise
    return documents.reader.read(request)
  }
  const reader = { ...documents.reader, read }
  return { tell: told.resolve, asked: asked.promise, documents: { ...documents, reader } }
}

/** One place of the worker: takes what is due until nothing is. */
async function place(tasks: TaskList): Promise<void> {
  const client = await worker.deps.pool.connect()
  const logger = createQueueLogger(worker.deps.log)
  await runTaskListOnce({ noPreparedStatements: true, logger }, tasks, client).finally(() =>
    client.release(),
  )
}

async function enqueue(): Promise<string> {
  const { payload } = await worker.upload(card)
  return worker.enqueue(payload)
}

test('a document that finds the others at work takes no place, and is read when they are done', async () => {
  const { tell, asked, documents } = patientReader()
  const tasks = createTaskList({ ...worker.deps, documents })
  const first = await enqueue()
  const atWork = place(tasks)
  await asked
  const second = await enqueue()

  await place(tasks)

  expect(logged('job.put-back')).toEqual([expect.objectContaining({ jobId: second })])
  expect(await worker.outcomeOf(second)).toBeUndefined()
  tell()
  await atWork
  expect(await worker.resultOf(first)).toMatchObject({ verdict: 'read' })
  await expect
    .poll(() => place(tasks).then(() => worker.outcomeOf(second)), { timeout: 20_000 })
    .toMatchObject({ state: 'done' })
  expect(logged('job.done')).toHaveLength(2)
})

test('a document whose time is up is put back no more: its check has ended', async () => {
  const { tell, asked, documents } = patientReader()
  const tasks = createTaskList({ ...worker.deps, documents })
  await enqueue()
  const atWork = place(tasks)
  await asked
  const late = await enqueue()
  await worker.setDeadline(late, -1)

  await place(tasks)

  tell()
  await atWork
  expect(logged('job.put-back')).toEqual([])
  expect(logged('job.failed')).toEqual([
    expect.objectContaining({ jobId: late, code: 'JOB_TIMED_OUT' }),
  ])
})

test('documents never take more than half of the places', async () => {
  expect(worker.deps.atOnce).toMatchObject({ 'document-proofing': 1 })
  const many = await startDocumentWorker({ ANTEROOM_CONCURRENT_JOBS: '9' })

  expect(many.deps.atOnce).toMatchObject({ 'document-proofing': 5 })
  await many.stop()
})
