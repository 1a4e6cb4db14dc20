import type { CorsRule } from './cors.ts'
import { S3Error } from './error.ts'
import { createObjectStore, type ObjectStore } from './object-store.ts'
import { createUploads, type Uploads } from './uploads.ts'

export type S3Action =
  | 's3:PutObject'
  | 's3:GetObject'
  | 's3:DeleteObject'
  | 's3:ListBucket'
  | 's3:AbortMultipartUpload'

export interface S3Grant {
  readonly principal: string
  readonly actions: readonly S3Action[]
  /** Only keys that begin so. Of a listing, the prefix asked for must. */
  readonly under?: string
}

export interface BucketOptions {
  readonly name: string
  /** Nothing is allowed that no grant allows. */
  readonly grants: readonly S3Grant[]
  readonly cors?: CorsRule
  readonly maxBytes?: number
  /** Older objects are gone, as by a lifecycle rule, but at once instead of within a day. */
  readonly expireAfterSeconds?: number
}

export interface Bucket {
  readonly options: BucketOptions
  readonly maxBytes: number
  readonly objects: ObjectStore
  readonly uploads: Uploads
}

const defaultMaxBytes = 5 * 1024 ** 3

export async function openBucket(directory: string, options: BucketOptions): Promise<Bucket> {
  const objects = await createObjectStore({
    directory,
    expireAfterSeconds: options.expireAfterSeconds,
  })
  return {
    options,
    maxBytes: options.maxBytes ?? defaultMaxBytes,
    objects,
    uploads: createUploads(),
  }
}

export interface Wish {
  readonly principal: string
  readonly action: S3Action
  /** The object's key, or the prefix of a listing. */
  readonly key: string
}

export function isAllowed(bucket: Bucket, { principal, action, key }: Wish): boolean {
  return bucket.options.grants.some(
    (grant) =>
      grant.principal === principal &&
      grant.actions.includes(action) &&
      key.startsWith(grant.under ?? ''),
  )
}

export function assertAllowed(bucket: Bucket, wish: Wish): void {
  if (!isAllowed(bucket, wish)) throw new S3Error('AccessDenied')
}
