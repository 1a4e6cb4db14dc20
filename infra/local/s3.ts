import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { type AwsPrincipal, localRegion } from './aws-principals.ts'
import { listen } from './http-server.ts'
import { type Bucket, type BucketOptions, openBucket } from './s3/bucket.ts'
import { createCall, refuseUnknown, sendError } from './s3/call.ts'
import { allowOrigin, answerPreflight } from './s3/cors.ts'
import { S3Error, type S3ErrorCode } from './s3/error.ts'
import { runOperation } from './s3/route.ts'
import { verifySignature } from './sigv4.ts'
import { readTarget } from './sigv4-claim.ts'
import { SignatureError, type SignatureErrorCode } from './sigv4-error.ts'

export type { BucketOptions, S3Action } from './s3/bucket.ts'
export type { CorsRule } from './s3/cors.ts'

export interface S3Options {
  readonly port: number
  readonly directory: string
  readonly principals: readonly AwsPrincipal[]
  readonly buckets: readonly BucketOptions[]
}

export interface LocalS3 {
  readonly port: number
  /** The endpoint; buckets are in the path, so clients need `forcePathStyle`. */
  readonly url: string
  /** Multipart uploads that are neither completed nor aborted; for tests and for looking around. */
  openUploads(): number
  stop(): Promise<void>
}

const sweepEveryMs = 60_000

/**
 * An S3 of a few operations that refuses what AWS refuses: a signature that does not hold, a request that is
 * late, of another length or type than signed, not granted, or whose body is not what its digests say.
 */
export async function startS3(options: S3Options): Promise<LocalS3> {
  const buckets = new Map<string, Bucket>()
  for (const bucket of options.buckets) {
    buckets.set(bucket.name, await openBucket(join(options.directory, bucket.name), bucket))
  }
  const server = createServer((request, response) => {
    answer(request, response, { buckets, principals: options.principals }).catch((error) =>
      sendError({ request, response }, toS3Error(error)),
    )
  })
  const { stop, ...listening } = await listen(server, options.port)
  const sweep = setInterval(() => removeExpired(buckets), sweepEveryMs).unref()
  return {
    ...listening,
    openUploads: () => [...buckets.values()].reduce((sum, { uploads }) => sum + uploads.count(), 0),
    stop: () => {
      clearInterval(sweep)
      return stop()
    },
  }
}

interface Context {
  readonly buckets: ReadonlyMap<string, Bucket>
  readonly principals: readonly AwsPrincipal[]
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { buckets, principals }: Context,
): Promise<void> {
  const target = readTarget(request.url ?? '/')
  if (!target) throw new S3Error('InvalidURI')

  const [, bucketName = '', ...key] = target.path
  const bucket = buckets.get(bucketName)
  if (request.method === 'OPTIONS') {
    answerPreflight(request, response, bucket?.options.cors)
    return
  }
  allowOrigin(request, response, bucket?.options.cors)
  const verified = verifySignature(request, target, {
    service: 's3',
    region: localRegion,
    principals,
  })
  if (!bucket) throw new S3Error('NoSuchBucket')
  refuseUnknown(request, target)
  await runOperation(
    createCall({ request, response, target, bucket, key: key.join('/'), verified }),
  )
}

function removeExpired(buckets: ReadonlyMap<string, Bucket>): void {
  for (const { objects } of buckets.values()) objects.removeExpired()
}

const signatureNames = {
  MISSING: 'AccessDenied',
  TWO_MECHANISMS: 'InvalidArgument',
  HEADER_MALFORMED: 'AuthorizationHeaderMalformed',
  QUERY_MALFORMED: 'AuthorizationQueryParametersError',
  KEY_UNKNOWN: 'InvalidAccessKeyId',
  TOKEN_UNKNOWN: 'InvalidToken',
  SCOPE_WRONG: 'AuthorizationHeaderMalformed',
  TIME_SKEWED: 'RequestTimeTooSkewed',
  EXPIRED: 'AccessDenied',
  NOT_YET_VALID: 'AccessDenied',
  HEADER_UNSIGNED: 'AccessDenied',
  MISMATCH: 'SignatureDoesNotMatch',
} as const satisfies Record<SignatureErrorCode, S3ErrorCode>

function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error
  if (error instanceof SignatureError) return new S3Error(signatureNames[error.code])
  if (!isHangUp(error)) console.error(error)
  return new S3Error('InternalError')
}

function isHangUp(error: unknown): boolean {
  const codes: unknown[] = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'ABORT_ERR']
  return error instanceof Error && 'code' in error && codes.includes(error.code)
}
