import { assertAllowed, type S3Action } from './bucket.ts'
import type { S3Call } from './call.ts'
import { deleteObjects } from './delete-objects.ts'
import { S3Error } from './error.ts'
import { listObjects } from './list.ts'
import { abortUpload, completeUpload, createUpload, uploadPart } from './multipart.ts'
import { deleteObject, putObject, readObject } from './objects.ts'

interface Operation {
  /** Absent: the operation asks the grants itself. */
  readonly action?: S3Action
  run(call: S3Call): void | Promise<void>
}

const maxKeyBytes = 1024

/** Finds the operation a request asks for, asks the bucket's grants, and runs it. */
export async function runOperation(call: S3Call): Promise<void> {
  if (Buffer.byteLength(call.key) > maxKeyBytes) throw new S3Error('KeyTooLongError')
  const operation = call.key === '' ? bucketOperation(call) : objectOperation(call)
  const { action } = operation
  const key = action === 's3:ListBucket' ? (call.query('prefix') ?? '') : call.key
  if (action) assertAllowed(call.bucket, { principal: call.principal, action, key })
  await operation.run(call)
}

function bucketOperation(call: S3Call): Operation {
  switch (call.request.method) {
    case 'GET':
      return { action: 's3:ListBucket', run: listObjects }
    case 'HEAD':
      return { action: 's3:ListBucket', run: ({ response }) => void response.writeHead(200).end() }
    case 'POST':
      if (call.query('delete') === undefined) throw new S3Error('NotImplemented')
      return { run: deleteObjects }
    default:
      throw new S3Error('MethodNotAllowed')
  }
}

function objectOperation(call: S3Call): Operation {
  const isPart = call.query('uploadId') !== undefined
  switch (call.request.method) {
    case 'GET':
    case 'HEAD':
      if (isPart || call.query('partNumber') !== undefined) throw new S3Error('NotImplemented')
      return { action: 's3:GetObject', run: readObject }
    case 'PUT':
      return { action: 's3:PutObject', run: isPart ? uploadPart : putObject }
    case 'POST':
      if (isPart) return { action: 's3:PutObject', run: completeUpload }
      if (call.query('uploads') === undefined) throw new S3Error('NotImplemented')
      return { action: 's3:PutObject', run: createUpload }
    case 'DELETE':
      return isPart
        ? { action: 's3:AbortMultipartUpload', run: abortUpload }
        : { action: 's3:DeleteObject', run: deleteObject }
    default:
      throw new S3Error('MethodNotAllowed')
  }
}
