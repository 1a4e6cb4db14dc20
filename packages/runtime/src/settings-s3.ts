import type { GetObjectCommandOutput, S3ClientConfig } from '@aws-sdk/client-s3'
import { withDeadline } from './deadline.ts'
import type { ReadS3 } from './settings-file.ts'

/** Whatever is left out comes from where AWS tools look: AWS_REGION, AWS_ACCESS_KEY_ID, the instance's role. */
export interface S3SettingsReaderOptions {
  /** Another S3 server than AWS's, addressed by path. */
  readonly endpoint?: string | undefined
  readonly region?: string | undefined
  readonly credentials?: S3ClientConfig['credentials'] | undefined
  readonly timeoutMs?: number
}

/** Reads the settings file from S3: at most 1 MB, within the timeout (10 s). */
export function createS3SettingsReader(options: S3SettingsReaderOptions = {}): ReadS3 {
  const { endpoint, region, credentials, timeoutMs = 10_000 } = options
  return async ({ bucket, key }) => {
    // Loaded here, because most processes start without S3 and the SDK takes its time.
    const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3')
    const client = new S3Client({
      ...(endpoint && { endpoint, forcePathStyle: true }),
      ...(region && { region }),
      ...(credentials && { credentials }),
    })
    try {
      const object = client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      return await withDeadline(object.then(textOf), timeoutMs)
    } finally {
      client.destroy()
    }
  }
}

const maxBytes = 1_000_000

async function textOf({ Body, ContentLength }: GetObjectCommandOutput): Promise<string> {
  if (!Body || ContentLength === undefined || ContentLength > maxBytes) {
    throw new RangeError('The settings file is too large')
  }
  return Body.transformToString()
}
