import { documentBucket } from '@anteroom/infra/local/policies.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { createLog } from '@anteroom/runtime'
import pg from 'pg'
import { createImageStore } from '../../../apps/worker/src/documents/image-store.ts'
import { sweepImages } from '../../../apps/worker/src/documents/image-sweep.ts'

/** Looks into the bucket beside everybody else. */
export interface ImageWatch {
  /** The submissions of which images lie in the bucket now. */
  submissionsLeft(): Promise<string[]>
  /** The worker's own sweep, at a time at which every image is too old. */
  sweep(): Promise<void>
  stop(): Promise<void>
}

const keepSeconds = 2_700

export async function watchImages(stack: LocalStack): Promise<ImageWatch> {
  const pool = new pg.Pool({ connectionString: stack.addresses.databaseUrls.worker, max: 1 })
  // Faults end this connection as well; it is made anew when it is needed.
  pool.on('error', () => undefined)
  // The AWS SDK takes the worker's credentials from here, as in production; no service started here inherits them.
  process.env.AWS_ACCESS_KEY_ID = 'LOCALWORKER'
  process.env.AWS_SECRET_ACCESS_KEY = stack.secrets.awsWorker
  const { s3Url: endpoint } = stack.addresses
  const store = createImageStore({ bucket: documentBucket, region: 'us-east-1', endpoint })
  return {
    async submissionsLeft() {
      const keys: string[] = []
      let after: string | undefined
      do {
        const { images, next } = await store.page(after)
        keys.push(...images.map(({ key }) => key))
        after = next
      } while (after !== undefined)
      return [...new Set(keys.map((key) => key.split('/')[1] ?? ''))]
    },
    sweep: () =>
      sweepImages({
        pool,
        store,
        keepSeconds,
        now: () => Date.now() + (keepSeconds + 60) * 1_000,
        random: Math.random,
        log: createLog({ service: 'worker', level: 'error' }),
      }),
    async stop() {
      store.close()
      await pool.end()
    },
  }
}
