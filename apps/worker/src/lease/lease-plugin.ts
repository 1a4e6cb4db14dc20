import 'graphile-worker'

/** Holds back a worker pool's first claim until its lease is taken. `take` is given graphile-worker's id of the pool. */
export function createLeasePlugin(
  take: (workerId: string) => Promise<void>,
): GraphileConfig.Plugin {
  let taken: Promise<void> | undefined
  return {
    name: 'AnteroomLeasePlugin',
    version: '1.0.0',
    worker: {
      hooks: {
        startWorker(_ctx, { worker }) {
          taken ??= take(worker.workerPool.id)
          return taken
        },
      },
    },
  }
}
