import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type S3Call, sendXml } from './call.ts'
import { receiveXml } from './delete-objects.ts'
import { S3Error } from './error.ts'
import { encryptionHeaders, headersToKeep } from './object-headers.ts'
import { readIfNoneMatch } from './objects.ts'
import { receiveBody } from './receive-body.ts'
import type { Part, Upload } from './uploads.ts'
import { element, innerTexts, unescapeText } from './xml.ts'

const lastPartNumber = 10_000
const checksumAlgorithm = 'x-amz-checksum-algorithm'
const checksumSha256 = 'x-amz-checksum-sha256'
const leastPartBytes = 5 * 1024 * 1024

export function createUpload(call: S3Call): void {
  const algorithm = call.header('x-amz-checksum-algorithm')
  if (algorithm !== undefined && algorithm !== 'SHA256') throw new S3Error('NotImplemented')
  const headers = { ...headersToKeep(call), ...(algorithm && { [checksumAlgorithm]: algorithm }) }
  const upload = call.bucket.uploads.start(call.key, headers)
  for (const [name, value] of Object.entries(encryptionHeaders(call))) {
    call.response.setHeader(name, value)
  }
  sendXml(
    call.response,
    200,
    element('InitiateMultipartUploadResult', [
      element('Bucket', call.bucket.options.name),
      element('Key', call.key),
      element('UploadId', upload.id),
    ]),
  )
}

export async function uploadPart(call: S3Call): Promise<void> {
  openUpload(call)
  const number = Number(call.query('partNumber'))
  if (!Number.isInteger(number) || number < 1 || number > lastPartNumber) {
    throw new S3Error('InvalidArgument')
  }
  const file = call.bucket.objects.newFile()
  try {
    const { checksums, ...body } = await receiveBody(call, file)
    // It may have been aborted or completed while the part was on its way.
    const { parts } = openUpload(call)
    const before = parts.get(number)
    parts.set(number, { file, ...body, sha256: checksums[checksumSha256] })
    await discard(before)
    call.response.writeHead(200, { etag: etagOf(body.md5), ...checksums }).end()
  } catch (error) {
    await rm(file, { force: true })
    throw error
  }
}

export async function completeUpload(call: S3Call): Promise<void> {
  const { bucket, key, response } = call
  const upload = openUpload(call)
  const mustBeNew = readIfNoneMatch(call)
  const parts = chosenParts(upload, await receiveXml(call))
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  if (size > bucket.maxBytes) throw new S3Error('EntityTooLarge')

  const file = bucket.objects.newFile()
  try {
    await join(parts, file)
    const etag = etagOfParts(parts)
    const { [checksumAlgorithm]: _algorithm, ...others } = upload.headers
    const headers = { ...others, ...checksumOfParts(upload, parts) }
    const facts = { key, size, etag, modifiedMs: Date.now(), headers }
    await bucket.objects.commit(facts, file, { mustBeNew })
    await close(call, upload)
    const fields = [element('Bucket', bucket.options.name), element('Key', key)]
    sendXml(
      response,
      200,
      element('CompleteMultipartUploadResult', [...fields, element('ETag', etag)]),
    )
  } finally {
    await rm(file, { force: true })
  }
}

export async function abortUpload(call: S3Call): Promise<void> {
  await close(call, openUpload(call))
  call.response.writeHead(204).end()
}

function openUpload(call: S3Call): Upload {
  return call.bucket.uploads.find(call.query('uploadId') ?? '', call.key)
}

/** The parts a client lists must be here, in ascending order, with the ETags it was told, and large enough. */
function chosenParts(upload: Upload, xml: string): Part[] {
  const listed = innerTexts(xml, 'Part').map((part) => ({
    number: Number(innerTexts(part, 'PartNumber')[0]),
    etag: unescapeText(innerTexts(part, 'ETag')[0] ?? ''),
  }))
  if (listed.length === 0) throw new S3Error('MalformedXML')
  const isAscending = listed.every(
    ({ number }, i) => i === 0 || number > (listed[i - 1]?.number ?? 0),
  )
  if (!isAscending) throw new S3Error('InvalidPartOrder')

  const parts = listed.map(({ number, etag }) => {
    const part = upload.parts.get(number)
    if (!part || etag.replaceAll('"', '') !== part.md5.toString('hex')) {
      throw new S3Error('InvalidPart')
    }
    return part
  })
  if (parts.slice(0, -1).some(({ size }) => size < leastPartBytes)) {
    throw new S3Error('EntityTooSmall')
  }
  return parts
}

async function join(parts: readonly Part[], file: string): Promise<void> {
  for (const part of parts) {
    await pipeline(createReadStream(part.file), createWriteStream(file, { flags: 'a' }))
  }
}

async function close(call: S3Call, upload: Upload): Promise<void> {
  call.bucket.uploads.end(upload)
  for (const part of upload.parts.values()) await discard(part)
}

async function discard(part: Part | undefined): Promise<void> {
  if (part) await rm(part.file, { force: true })
}

function etagOf(md5: Buffer): string {
  return `"${md5.toString('hex')}"`
}

/** S3's ETag of a multipart object: the MD5 of the parts' MD5s, and their number. */
function etagOfParts(parts: readonly Part[]): string {
  const all = Buffer.concat(parts.map(({ md5 }) => md5))
  return `"${createHash('md5').update(all).digest('hex')}-${parts.length}"`
}

/** The SHA-256 over those of the parts, and their number (S3, "Checking object integrity", composite checksums). */
function checksumOfParts(upload: Upload, parts: readonly Part[]): Record<string, string> {
  if (upload.headers[checksumAlgorithm] === undefined) return {}
  const sums = parts.map(({ sha256 }) => {
    if (sha256 === undefined) throw new S3Error('InvalidPart')
    return Buffer.from(sha256, 'base64')
  })
  const sum = createHash('sha256').update(Buffer.concat(sums)).digest('base64')
  return { [checksumSha256]: `${sum}-${parts.length}`, 'x-amz-checksum-type': 'COMPOSITE' }
}
