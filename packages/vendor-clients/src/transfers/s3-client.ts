import { S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { httpsAgentOf, type OutboundAgent } from '../agent.ts'
import { codeOf, innermost } from '../system-error.ts'
import type { Side } from './exchange.ts'
import { TransferError } from './transfer-error.ts'

export interface S3Options {
  readonly bucket: string
  readonly region: string
  /** Another S3 server than AWS's. Of a local machine it may be `http:`. */
  readonly endpoint?: string | undefined
  /** Instead of the process's own role. */
  readonly credentials?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string }
    | undefined
  readonly agent: OutboundAgent
  readonly idleMs: number
}

export function createTransferS3({
  region,
  endpoint,
  credentials,
  agent,
  idleMs,
}: S3Options): S3Client {
  return new S3Client({
    region,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    // The queue repeats what failed.
    maxAttempts: 1,
    // Sent where it is asked for, by name.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      httpsAgent: httpsAgentOf(agent),
      connectionTimeout: 10_000,
      socketTimeout: idleMs,
    },
  })
}

/** The status of what S3 refused; undefined where it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
}

/** The SDK's errors quote requests: none leaves this folder. */
export function ofS3(error: unknown, side: Side): TransferError {
  if (error instanceof TransferError) return error
  const status = statusOf(error)
  const cause = status === undefined ? codeOf(innermost(error)) : `S3_${status}`
  if (status === undefined || status >= 500 || status === 408) {
    return status === 503
      ? new TransferError(side === 'source' ? 'source-unreachable' : 'destination-busy', { cause })
      : new TransferError(`${side}-unreachable`, { cause })
  }
  if (side === 'source') {
    return new TransferError(status === 404 ? 'source-not-found' : 'source-refused', { cause })
  }
  if (status === 412 || status === 409) return new TransferError('file-exists', { cause })
  return new TransferError('destination-refused', { cause, retryable: status === 403 })
}
