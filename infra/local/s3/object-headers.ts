import type { S3Call } from './call.ts'
import { S3Error } from './error.ts'

const kept = ['cache-control', 'content-disposition', 'content-language', 'expires'] as const
const encryption = 'x-amz-server-side-encryption'
const encryptionDetails = [
  `${encryption}-aws-kms-key-id`,
  `${encryption}-bucket-key-enabled`,
] as const
const defaultType = 'binary/octet-stream'

/** The headers of an upload that belong to the object and are sent with it later. */
export function headersToKeep(call: S3Call): Record<string, string> {
  const encoding = storedEncoding(call)
  return {
    'content-type': call.header('content-type') ?? defaultType,
    ...(encoding && { 'content-encoding': encoding }),
    ...pick(call, kept),
    ...encryptionHeaders(call),
    ...userMetadata(call),
  }
}

/** How the object is encrypted at rest. This server stores the words, not the encryption. */
export function encryptionHeaders(call: S3Call): Record<string, string> {
  const method = call.header(encryption)
  const details = pick(call, encryptionDetails)
  if (method === undefined) {
    if (Object.keys(details).length > 0) throw new S3Error('InvalidArgument')
    return {}
  }
  const isSound = method === 'aws:kms' || (method === 'AES256' && Object.keys(details).length === 0)
  if (!isSound) throw new S3Error('InvalidArgument')
  return { [encryption]: method, ...details }
}

/** `aws-chunked` describes the way here, not the object. */
function storedEncoding(call: S3Call): string | undefined {
  const encodings = call.header('content-encoding')?.split(',') ?? []
  const stored = encodings.map((name) => name.trim()).filter((name) => name !== 'aws-chunked')
  return stored.join(', ') || undefined
}

function userMetadata(call: S3Call): Record<string, string> {
  const names = call.headerNames().filter((name) => name.startsWith('x-amz-meta-'))
  return pick(call, names)
}

function pick(call: S3Call, names: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of names) {
    const value = call.header(name)
    if (value !== undefined) headers[name] = value
  }
  return headers
}
