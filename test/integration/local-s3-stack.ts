import { join } from 'node:path'
import { startS3 } from '@anteroom/infra/local/s3.ts'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { afterAll } from 'vitest'
import { scratchDirectory } from './local-scratch.ts'

const principals = ['web', 'worker', 'stranger'].map((name) => ({
  name,
  accessKeyId: `AKIA${name.toUpperCase()}`,
  secretAccessKey: `secret of ${name}`,
}))
const worker = ['s3:GetObject', 's3:DeleteObject', 's3:ListBucket'] as const
const everything = [...worker, 's3:PutObject', 's3:AbortMultipartUpload'] as const

export const pageOrigin = 'http://127.0.0.1:3000'
export const maxBytes = 200_000

/** A local S3 as the stack has it: the web may upload, the worker may read, list and delete. */
export async function startTestS3() {
  // Nobody else writes beside it.
  const directory = join(await scratchDirectory(), 's3')
  const options = {
    port: 0,
    directory,
    principals,
    buckets: [
      {
        name: 'uploads',
        maxBytes,
        cors: {
          origins: [pageOrigin],
          methods: ['PUT'],
          headers: ['content-type', 'if-none-match', 'x-amz-server-side-encryption'],
        },
        grants: [
          { principal: 'web', actions: ['s3:PutObject'] },
          { principal: 'worker', actions: worker },
        ],
      },
      {
        name: 'short-lived',
        expireAfterSeconds: 0.2,
        grants: [{ principal: 'worker', actions: everything }],
      },
      { name: 'documents', grants: [{ principal: 'worker', actions: everything }] },
    ],
  } as const
  const s3 = await startS3(options)
  afterAll(() => s3.stop())
  return { ...s3, directory, options }
}

interface ClientSettings extends Omit<S3ClientConfig, 'credentials'> {
  readonly credentials?: Partial<Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>>
}

/** The AWS SDK's own client, signing as one of the principals unless told otherwise. */
export function s3Client(endpoint: string, name: string, settings: ClientSettings = {}): S3Client {
  const { accessKeyId = '', secretAccessKey = '' } =
    principals.find((one) => one.name === name) ?? {}
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    ...settings,
    credentials: { accessKeyId, secretAccessKey, ...settings.credentials },
  })
  afterAll(() => client.destroy())
  return client
}
