import { Readable } from 'node:stream'
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { httpsAgentOf, type OutboundAgent } from '../agent.ts'
import { codeOf, innermost } from '../system-error.ts'
import type { Side } from './exchange.ts'
import { TransferError } from './transfer-error.ts'

export interface S3Options {
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
  const client = new S3Client({
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
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args)
        endWhenLong(result.response, commandName)
        return result
      },
    // Next to the wire: before anybody reads.
    { step: 'deserialize', priority: 'low' },
  )
  return client
}

/** What S3 says, but for objects themselves, is read whole into memory: longer than this it is nothing that S3 says. */
const mostAnswerBytes = 1024 * 1024

function endWhenLong(response: unknown, command: unknown): void {
  // The SDK's type says nothing of it.
  const { body, statusCode = 0 } = response as { body?: unknown; statusCode?: number }
  const isObject = command === 'GetObjectCommand' && statusCode < 300
  if (!(body instanceof Readable) || isObject) return
  let bytes = 0
  // Whoever reads it reads it by events as well; until then nothing flows.
  body.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length
    if (bytes > mostAnswerBytes) body.destroy(new Error('long'))
  })
  body.pause()
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
