import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { isAllowed } from './bucket.ts'
import type { S3Call } from './call.ts'
import { S3Error } from './error.ts'
import { encryptionHeaders, headersToKeep } from './object-headers.ts'
import type { ObjectFacts } from './object-store.ts'
import { readRange } from './range.ts'
import { receiveBody } from './receive-body.ts'

export async function putObject(call: S3Call): Promise<void> {
  const { bucket, key, response } = call
  const headers = headersToKeep(call)
  const mustBeNew = readIfNoneMatch(call)
  const file = bucket.objects.newFile()
  try {
    const { size, md5, checksums } = await receiveBody(call, file)
    const etag = `"${md5.toString('hex')}"`
    const facts = { key, size, etag, modifiedMs: Date.now(), headers: { ...headers, ...checksums } }
    await bucket.objects.commit(facts, file, { mustBeNew })
    response.writeHead(200, { etag, ...encryptionHeaders(call), ...checksums }).end()
  } finally {
    await rm(file, { force: true })
  }
}

/** GET and HEAD. */
export async function readObject(call: S3Call): Promise<void> {
  const { request, response, bucket, key } = call
  const facts = existing(call)
  const range = readRange(call.header('range'), facts.size)
  const size = range ? range.end - range.start + 1 : facts.size
  const status = range ? 206 : 200
  const headers = {
    ...answerHeaders(call, facts, range !== undefined),
    'content-length': size,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${facts.size}` }),
  }
  if (request.method === 'HEAD') {
    response.writeHead(status, headers).end()
    return
  }
  const data = await bucket.objects.openData(key)
  response.writeHead(status, headers)
  await pipeline(data.createReadStream(range), response)
}

export function deleteObject(call: S3Call): void {
  call.bucket.objects.remove(call.key)
  call.response.writeHead(204).end()
}

/** `If-None-Match: *` alone is known to uploads: the object must not exist yet. */
export function readIfNoneMatch(call: S3Call): boolean {
  const condition = call.header('if-none-match')
  if (condition !== undefined && condition !== '*') throw new S3Error('NotImplemented')
  if (call.header('if-match') !== undefined) throw new S3Error('NotImplemented')
  return condition === '*'
}

/** As in AWS, whoever may not list the bucket does not learn either that a key is missing. */
function existing({ bucket, key, principal }: S3Call): ObjectFacts {
  const facts = bucket.objects.find(key)
  if (facts) return facts
  const mayList = isAllowed(bucket, { principal, action: 's3:ListBucket', key })
  throw new S3Error(mayList ? 'NoSuchKey' : 'AccessDenied')
}

const overridable = ['content-type', 'content-disposition', 'cache-control'] as const

function answerHeaders(call: S3Call, facts: ObjectFacts, isPart: boolean): Record<string, string> {
  // A checksum is of the whole object, and is sent to those who ask for it.
  const withChecksums = call.header('x-amz-checksum-mode') === 'ENABLED' && !isPart
  const headers = Object.fromEntries(
    Object.entries(facts.headers).filter(
      ([name]) => withChecksums || !name.startsWith('x-amz-checksum-'),
    ),
  )
  for (const name of overridable) {
    const value = call.query(`response-${name}`)
    if (value !== undefined) headers[name] = value
  }
  return {
    ...headers,
    etag: facts.etag,
    'last-modified': new Date(facts.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
  }
}
