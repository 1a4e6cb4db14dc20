import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { stringify } from 'yaml'
import { localRegion } from './aws-principals.ts'
import { settingsBuckets } from './policies.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './services.ts'

export type Service = keyof typeof settingsBuckets

const fileNames = { web: 'idp-web.yml', worker: 'worker.yml', ops: 'ops.yml' } satisfies Record<
  Service,
  string
>

/**
 * Lays a service's settings file into its bucket, as a deployment does, and returns the environment with which the
 * service finds it: nothing in it but addresses and the service's own AWS key.
 */
export async function uploadSettings(
  service: Service,
  settings: Settings,
  { s3Url, secrets }: { s3Url: string; secrets: Secrets },
): Promise<Record<string, string>> {
  const client = new S3Client({
    endpoint: s3Url,
    forcePathStyle: true,
    region: localRegion,
    credentials: { accessKeyId: 'LOCALDEPLOY', secretAccessKey: secrets.awsDeploy },
  })
  const object = { Bucket: settingsBuckets[service], Key: fileNames[service] }
  await client.send(
    new PutObjectCommand({ ...object, Body: stringify(settings), ContentType: 'application/yaml' }),
  )
  client.destroy()
  return {
    ANTEROOM_SETTINGS: `s3://${object.Bucket}/${object.Key}`,
    AWS_ENDPOINT_URL_S3: s3Url,
    AWS_REGION: localRegion,
    ...credentials(service, secrets),
  }
}

function credentials(service: Service, secrets: Secrets): Record<string, string> {
  switch (service) {
    case 'web':
      return { AWS_ACCESS_KEY_ID: 'LOCALWEB', AWS_SECRET_ACCESS_KEY: secrets.awsWeb }
    case 'worker':
      return { AWS_ACCESS_KEY_ID: 'LOCALWORKER', AWS_SECRET_ACCESS_KEY: secrets.awsWorker }
    case 'ops':
      return { AWS_ACCESS_KEY_ID: 'LOCALOPS', AWS_SECRET_ACCESS_KEY: secrets.awsOps }
  }
}
