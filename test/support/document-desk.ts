import { randomBytes } from 'node:crypto'
import { openTextFor, sealTextFor } from '@anteroom/crypto'
import { createImageKey, exportImageKey, sealImage } from '@anteroom/crypto/browser'
import { documentBucket } from '@anteroom/infra/local/policies.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { enqueueJobs, newJobId, toJobRider } from '@anteroom/job-channel'
import {
  type DocumentType,
  imageObjectKey,
  jobs,
  type Outcome,
  outcome,
  type PayloadOf,
  packJob,
  type ResultOf,
  type Side,
} from '@anteroom/job-contracts'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { Redis } from 'ioredis'
import pg from 'pg'
import { localSealer } from './local-sealer.ts'

export type DocumentPayload = PayloadOf<typeof jobs.documentProofing>
export type DocumentResult = ResultOf<typeof jobs.documentProofing>

/** What a person has uploaded, sealed as a browser does. */
export interface Submission {
  readonly payload: DocumentPayload
  /** Where the images lie. */
  readonly keys: readonly string[]
}

export type Files = Partial<Readonly<Record<Side, Uint8Array>>>

/** What stands in front of the worker: the bucket and the queue, as browser and web use them. */
export interface DocumentDesk {
  upload(files: Files, type?: DocumentType): Promise<Submission>
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Asks for what the worker may not do. */
  putAsWorker(key: string): Promise<void>
  /** Changes what lies in S3, as nobody can who does not own the bucket. */
  replace(key: string, change: (sealed: Buffer) => Buffer): Promise<void>
  /** The keys in the bucket; a thousand of them if there are more. */
  stored(): Promise<string[]>
  storedCount(): Promise<number>
  enqueue(payload: DocumentPayload): Promise<string>
  /** The queue row of a job comes once more. */
  requeue(jobId: string): Promise<void>
  /** Moves the deadline of a job that waits in the queue. */
  setDeadline(jobId: string, fromNowMs: number): Promise<void>
  outcomeOf(jobId: string): Promise<Outcome | undefined>
  untilAnswered(jobId: string, everyMs?: number): Promise<Outcome>
  resultOf(jobId: string): Promise<DocumentResult>
  close(): Promise<void>
}

/** A document check has 60 seconds. */
const answeredWithinMs = 65_000

const newId = () => randomBytes(32).toString('base64url')

/** @param stack One with local keys. */
export function openDocumentDesk(stack: LocalStack): DocumentDesk {
  const channel = openChannel(stack)
  const bucket = openBucket(stack)
  return {
    ...bucket,
    ...channel,
    async close() {
      bucket.close()
      await channel.close()
    },
  }
}

/** The web's end of the channel. */
function openChannel(stack: LocalStack) {
  const { addresses } = stack
  const sealer = localSealer(stack)
  const web = new pg.Pool({ connectionString: addresses.databaseUrls.web, max: 2 })
  // A connection that says goodbye may hear first that its server stops.
  web.on('error', () => undefined)
  const redis = new Redis(stack.redis.urls.admin)
  const { documentProofing: job } = jobs

  async function asAdmin(text: string, values: unknown[]): Promise<void> {
    const admin = new pg.Client({ connectionString: stack.adminUrl })
    await admin.connect()
    await admin.query(text, values)
    await admin.end()
  }

  async function outcomeOf(jobId: string): Promise<Outcome | undefined> {
    const text = await redis.get(`outcome:${jobId}`)
    return text === null ? undefined : outcome.parse(JSON.parse(text))
  }

  return {
    outcomeOf,
    async enqueue(payload: DocumentPayload) {
      const id = newJobId()
      const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
      const seal = sealTextFor(sealer, 'payload')
      await enqueueJobs(web, [
        toJobRider(job, await packJob(job, payload, { id, traceparent, seal })),
      ])
      return id
    },
    async requeue(id: string) {
      const now = Date.now()
      const times = { enqueuedAt: now, deadlineAt: now + 60_000 }
      const row = { v: 1, id, job: job.name, traceparent: '', ...times, clear: {}, sealed: '' }
      await asAdmin('select graphile_worker.add_job($1, $2)', [job.name, JSON.stringify(row)])
    },
    async setDeadline(id: string, fromNowMs: number) {
      await asAdmin(
        `update graphile_worker._private_jobs
         set payload = (payload::jsonb || jsonb_build_object('deadlineAt', $2::bigint))::json
         where key = $1`,
        [id, Date.now() + fromNowMs],
      )
    },
    async resultOf(jobId: string) {
      const found = await outcomeOf(jobId)
      if (found?.state !== 'done') throw new Error(`no result: ${JSON.stringify(found)}`)
      const text = await openTextFor(sealer, 'result')({ name: job.name, id: jobId }, found.sealed)
      return job.result.parse(JSON.parse(text))
    },
    async untilAnswered(jobId: string, everyMs = 50) {
      const until = Date.now() + answeredWithinMs
      while (Date.now() < until) {
        const found = await outcomeOf(jobId)
        if (found) return found
        await new Promise((resolve) => setTimeout(resolve, everyMs))
      }
      throw new Error('no answer in time')
    },
    async close() {
      redis.disconnect()
      await web.end()
    },
  }
}

/** The bucket as the web may use it; only the listing is the worker's. */
function openBucket({ addresses, secrets }: LocalStack) {
  const clientOf = (accessKeyId: string, secretAccessKey: string) =>
    new S3Client({
      endpoint: addresses.s3Url,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey },
    })
  const web = clientOf('LOCALWEB', secrets.awsWeb)
  const worker = clientOf('LOCALWORKER', secrets.awsWorker)

  async function put(Key: string, Body: Uint8Array): Promise<void> {
    await web.send(new PutObjectCommand({ Bucket: documentBucket, Key, Body, IfNoneMatch: '*' }))
  }

  async function stored(): Promise<string[]> {
    const list = new ListObjectsV2Command({ Bucket: documentBucket, Prefix: 'documents/' })
    const { Contents = [] } = await worker.send(list)
    return Contents.map(({ Key = '' }) => Key)
  }

  return {
    put,
    stored,
    async storedCount() {
      const keys = await stored()
      const list = { Bucket: documentBucket, Prefix: 'documents/', StartAfter: keys.at(-1) }
      const { KeyCount = 0 } = await worker.send(new ListObjectsV2Command(list))
      return keys.length + (keys.length > 0 ? KeyCount : 0)
    },
    async putAsWorker(Key: string) {
      await worker.send(new PutObjectCommand({ Bucket: documentBucket, Key, Body: 'x' }))
    },
    async replace(Key: string, change: (sealed: Buffer) => Buffer) {
      const object = await worker.send(new GetObjectCommand({ Bucket: documentBucket, Key }))
      const sealed = Buffer.from((await object.Body?.transformToByteArray()) ?? [])
      await worker.send(new DeleteObjectCommand({ Bucket: documentBucket, Key }))
      await put(Key, change(sealed))
    },
    async upload(files: Files, documentType: DocumentType = 'drivers-license') {
      const submissionId = newId()
      const key = await createImageKey()
      const sealed = Object.entries(files).map(async ([name, file]) => {
        const side = name === 'front' ? 'front' : 'back'
        const image = { submissionId, side, contentType: 'image/jpeg', bytes: new Uint8Array(file) }
        const { iv, sealed: body } = await sealImage(key, image)
        const uploadId = newId()
        await put(imageObjectKey(submissionId, uploadId), new Uint8Array(body))
        return { side, uploadId, iv, contentType: 'image/jpeg' } as const
      })
      const images = await Promise.all(sealed)
      const payload: DocumentPayload = {
        attemptId: newId(),
        submissionId,
        documentType,
        imageKey: await exportImageKey(key),
        images,
        failedImages: [],
      }
      return {
        payload,
        keys: images.map(({ uploadId }) => imageObjectKey(submissionId, uploadId)),
      }
    },
    close() {
      web.destroy()
      worker.destroy()
    },
  }
}
