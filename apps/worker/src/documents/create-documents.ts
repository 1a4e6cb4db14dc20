import { createDocumentReader } from '@anteroom/document-reader'
import type { Log, Metrics, Shutdown } from '@anteroom/runtime'
import type { WorkerConfig } from '../config.ts'
import { createByteBudget } from './byte-budget.ts'
import type { Documents } from './documents.ts'
import { createImageStore } from './image-store.ts'
import { lastDayAt } from './last-day.ts'
import { mayAskVendor } from './settings.ts'

export interface DocumentsOptions extends Pick<Documents, 'openImage' | 'fingerprint'> {
  readonly config: WorkerConfig & { readonly documentBucket: string }
  readonly around: {
    readonly log: Log
    readonly metrics: Metrics
    readonly shutdown: Shutdown
    readonly now: () => number
  }
}

export function createDocuments({ config, around, ...keyed }: DocumentsOptions): Documents {
  const { log, metrics, shutdown, now } = around
  const { documentBucket: bucket, awsRegion: region, s3Endpoint: endpoint } = config
  const store = createImageStore({ bucket, region, endpoint })
  shutdown.add('image-store', () => store.close())
  const reader = createDocumentReader({
    threads: config.documentReaderThreads,
    today: () => lastDayAt(now()),
    minimumAge: config.documentMinimumAge,
  })
  shutdown.add('document-reader', () => reader.close())
  return {
    ...keyed,
    store,
    memory: createByteBudget(config.documentMemoryBytes, (bytes) =>
      metrics.set('document_memory_bytes', {}, bytes),
    ),
    reader,
    settings: {
      reader: config.documentReader,
      vendorPercent: config.documentVendorPercent,
      fallback: config.documentFallback,
      mayAskVendor: mayAskVendor(config),
      fixtures: config.documentFixtures,
      minimumAge: config.documentMinimumAge,
    },
    now,
    log,
    metrics,
  }
}
