import { createImageKey, exportImageKey, sealImage } from '@anteroom/crypto/browser'
import { bucketsFor, documentBucket } from '@anteroom/infra/local/policies.ts'
import { type LocalS3, startS3 } from '@anteroom/infra/local/s3.ts'
import { pushOutcome } from '@anteroom/job-channel'
import { jobs, type Outcome, type PayloadOf, readWire, unpackJob } from '@anteroom/job-contracts'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { scratchDirectory } from '../integration/local-scratch.ts'
import { fixedSealer, openFixed } from './fixed-keys.ts'
import { startTestWeb, type TestWeb } from './web.ts'

/** The web with document checks, and a real S3 with the rights that both services have. */
export interface DocumentWeb {
  readonly web: TestWeb
  readonly s3: LocalS3
  /** Keys of all objects, as the worker sees them. */
  stored(): Promise<string[]>
  read(key: string): Promise<Uint8Array>
  /** The latest job of the web's records. */
  lastJob(): Promise<{ job: string; job_id: string } | undefined>
  jobCount(): Promise<number>
  /** What the worker is asked to read. */
  lastPayload(): Promise<PayloadOf<typeof jobs.documentProofing>>
  /** Ends the latest job as the worker would. */
  answer(outcome: { done: object } | Outcome): Promise<void>
  stop(): Promise<void>
}

const secrets = { web: 'secret of the web', worker: 'secret of the worker' }
const publicUrl = 'http://127.0.0.1:3000'

export async function startDocumentWeb(
  settings: Record<string, string> = {},
): Promise<DocumentWeb> {
  const s3 = await startS3({
    port: 0,
    directory: await scratchDirectory(),
    principals: [
      { name: 'web', accessKeyId: 'LOCALWEB', secretAccessKey: secrets.web },
      { name: 'worker', accessKeyId: 'LOCALWORKER', secretAccessKey: secrets.worker },
    ],
    buckets: bucketsFor(publicUrl),
  })
  process.env.AWS_ACCESS_KEY_ID = 'LOCALWEB'
  process.env.AWS_SECRET_ACCESS_KEY = secrets.web
  const web = await startTestWeb({
    ANTEROOM_DOCUMENT_PROOFING: 'required',
    ANTEROOM_DOCUMENT_BUCKET: documentBucket,
    ANTEROOM_S3_ENDPOINT: s3.url,
    ANTEROOM_REQUESTS_PER_WINDOW: '100000',
    ANTEROOM_DOCUMENTS_PER_NETWORK: '100000',
    ...settings,
  })
  const worker = new S3Client({
    endpoint: s3.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'LOCALWORKER', secretAccessKey: secrets.worker },
  })
  const { lastJob, jobCount, lastPayload, answer } = recordsOf(web)
  return {
    web,
    s3,
    ...storedImages(worker),
    lastJob,
    jobCount,
    lastPayload,
    answer,
    async stop() {
      worker.destroy()
      await web.stop()
      await s3.stop()
    },
  }
}

function storedImages(worker: S3Client) {
  return {
    async stored() {
      const list = new ListObjectsV2Command({ Bucket: documentBucket, Prefix: 'documents/' })
      const { Contents = [] } = await worker.send(list)
      return Contents.map(({ Key = '' }) => Key)
    },
    async read(key: string) {
      const { Body } = await worker.send(new GetObjectCommand({ Bucket: documentBucket, Key: key }))
      if (!Body) throw new Error('There is no such object')
      return Body.transformToByteArray()
    },
  }
}

function recordsOf(web: TestWeb) {
  const rows = async (): Promise<{ job: string; job_id: string }[]> => {
    const result = await web.database
      .pool('admin')
      .query('select job, job_id from web.attempts order by enqueued_at')
    return result.rows
  }
  const lastJob = async () => (await rows()).at(-1)
  return {
    lastJob,
    jobCount: async () => (await rows()).length,
    async lastPayload() {
      const { job_id: id } = (await lastJob()) ?? { job_id: '' }
      const { rows: queued } = await web.database
        .pool('admin')
        .query('select payload from graphile_worker._private_jobs where key = $1', [id])
      const open = (slot: { name: string; id: string }, sealed: string) =>
        openFixed('payload', slot, sealed)
      return unpackJob(jobs.documentProofing, readWire(queued[0].payload), open)
    },
    async answer(given: { done: object } | Outcome) {
      const { job = '', job_id: jobId = '' } = (await lastJob()) ?? {}
      const slot = { purpose: 'result', name: job, id: jobId } as const
      const outcome =
        'done' in given
          ? {
              state: 'done' as const,
              sealed: await fixedSealer.seal(slot, JSON.stringify(given.done)),
            }
          : given
      await pushOutcome(web.redis.pipeline(), { jobId, outcome, seconds: 60 }).exec()
    },
  }
}

export interface SealedForm {
  readonly imageKey: string
  readonly seal: (side: string, bytes: Uint8Array<ArrayBuffer>) => Promise<SealedPhoto>
}

export interface SealedPhoto {
  readonly iv: string
  readonly sealed: ArrayBuffer
}

/** Seals photos as the capture page does. */
export async function createSealedForm(submissionId: string): Promise<SealedForm> {
  const key = await createImageKey()
  return {
    imageKey: await exportImageKey(key),
    seal: (side, bytes) => sealImage(key, { submissionId, side, contentType: 'image/jpeg', bytes }),
  }
}
