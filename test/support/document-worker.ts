import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import {
  createLog,
  createMetrics,
  createS3SettingsReader,
  createShutdown,
  loadSettings,
} from '@anteroom/runtime'
import { runTaskListOnce } from 'graphile-worker'
import { workerSettings } from '../../apps/worker/src/config.ts'
import { createDeps, type WorkerDeps } from '../../apps/worker/src/deps.ts'
import type { Documents } from '../../apps/worker/src/documents/documents.ts'
import { createQueueLogger } from '../../apps/worker/src/queue-log.ts'
import { createTaskList } from '../../apps/worker/src/tasks/index.ts'
import {
  type DocumentDesk,
  type DocumentPayload,
  type DocumentResult,
  openDocumentDesk,
} from './document-desk.ts'
import { startTestStack } from './stack.ts'

/** The worker's document task in this process, with all that it has in production around it. */
export interface DocumentWorker extends Omit<DocumentDesk, 'close'> {
  readonly stack: LocalStack
  readonly deps: WorkerDeps & { readonly documents: Documents }
  readonly logLines: string[]
  /** Runs what is due, with parts of the worker's surroundings replaced. */
  runDue(changes?: Partial<WorkerDeps>): Promise<void>
  /** Enqueues, runs, and opens the answer. */
  check(payload: DocumentPayload, changes?: Partial<WorkerDeps>): Promise<DocumentResult>
  stop(): Promise<void>
}

export async function startDocumentWorker(
  settings: Readonly<Record<string, string>> = {},
): Promise<DocumentWorker> {
  const stack = await startTestStack({ keys: 'local' })
  const env = { ...(await stack.environmentFor('worker')), ...settings }
  const logLines: string[] = []
  const shutdown = createShutdown(createLog({ service: 'test', level: 'error' }))
  const deps = await createWorkerDeps(env, logLines, shutdown)
  const desk = openDocumentDesk(stack)
  shutdown.add('desk', desk.close)

  async function runDue(changes: Partial<WorkerDeps> = {}): Promise<void> {
    const client = await deps.pool.connect()
    try {
      await runTaskListOnce(
        { noPreparedStatements: true, logger: createQueueLogger(deps.log) },
        createTaskList({ ...deps, ...changes }),
        client,
      )
    } finally {
      client.release()
    }
  }

  return {
    ...desk,
    stack,
    deps,
    logLines,
    runDue,
    async check(payload, changes) {
      const id = await desk.enqueue(payload)
      await runDue(changes)
      return desk.resultOf(id)
    },
    async stop() {
      await shutdown.run()
      await stack.stop()
    },
  }
}

async function createWorkerDeps(
  env: Record<string, string>,
  logLines: string[],
  shutdown: ReturnType<typeof createShutdown>,
) {
  // The AWS SDK takes the worker's own credentials from here, as in production.
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('AWS_')) process.env[name] = value
  }
  const config = await loadSettings(workerSettings, { env, readS3: createS3SettingsReader() })
  const output = { write: (line: string) => logLines.push(line) }
  const log = createLog({ service: 'worker', level: 'debug', output })
  const deps = await createDeps(config, { log, metrics: createMetrics('worker'), shutdown })
  const { documents } = deps
  if (!documents) throw new Error('The local stack sets a bucket')
  return { ...deps, documents }
}
