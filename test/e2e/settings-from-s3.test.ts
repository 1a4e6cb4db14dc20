import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let s3: S3Client
beforeAll(async () => {
  stack = await startTestStack()
  s3 = new S3Client({
    endpoint: stack.addresses.s3Url,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'LOCALDEPLOY', secretAccessKey: stack.secrets.awsDeploy },
  })
})
afterAll(async () => {
  s3.destroy()
  await stack.stop()
})

const secret = 'Tr0ub4dor-and-3'

const files = {
  web: { Bucket: 'anteroom-settings-idp-web', Key: 'idp-web.yml' },
  worker: { Bucket: 'anteroom-settings-worker', Key: 'worker.yml' },
}

/** Tries to start the service with this file in S3; undefined: with none. Returns why it did not. */
async function refusal(service: 'web' | 'worker', body: string | undefined): Promise<string> {
  const { Bucket, Key } = files[service]
  const withFile = {
    ...stack,
    async environmentFor() {
      const found = await stack.environmentFor(service)
      if (body === undefined) return { ...found, ANTEROOM_SETTINGS: `s3://${Bucket}/none.yml` }
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: body }))
      return found
    },
  }
  const started = await startService(service, withFile).then(
    () => 'it started',
    (error: unknown) => String(error),
  )
  return started
}

test.each([
  { service: 'web', file: 'missing', body: undefined },
  { service: 'worker', file: 'missing', body: undefined },
  { service: 'web', file: 'malformed', body: `cookie_keys: [${secret}` },
  { service: 'worker', file: 'malformed', body: `resolution_token: ${secret}\n  : :` },
  { service: 'web', file: 'incomplete', body: `environment: ${secret}` },
  { service: 'worker', file: 'incomplete', body: `resolution_token: ${secret}` },
] as const)(
  'the $service does not start with a file that is $file, and quotes nothing of it',
  async ({ service, body }) => {
    const said = await refusal(service, body)

    expect(said).toMatch(/cannot start: Bad or missing settings/)
    expect(said).not.toContain(secret)
  },
)
