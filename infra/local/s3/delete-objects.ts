import { readFile, rm } from 'node:fs/promises'
import { isAllowed } from './bucket.ts'
import { type S3Call, sendXml } from './call.ts'
import { S3Error } from './error.ts'
import { receiveBody } from './receive-body.ts'
import { element, innerTexts, unescapeText } from './xml.ts'

const mostKeys = 1000
const mostBytes = 2 * 1024 * 1024

/** DeleteObjects: up to a thousand keys in one request, each answered for itself. */
export async function deleteObjects(call: S3Call): Promise<void> {
  const xml = await receiveXml(call)
  const keys = innerTexts(xml, 'Object').map(keyOf)
  if (keys.length === 0 || keys.length > mostKeys) throw new S3Error('MalformedXML')

  const isQuiet = innerTexts(xml, 'Quiet')[0]?.trim() === 'true'
  const { bucket, principal } = call
  const results = keys.map((key) => {
    if (!isAllowed(bucket, { principal, action: 's3:DeleteObject', key })) return refusal(key)
    bucket.objects.remove(key)
    return isQuiet ? undefined : element('Deleted', [element('Key', key)])
  })
  sendXml(call.response, 200, element('DeleteResult', results))
}

/** A small body of XML, with its digests checked. */
export async function receiveXml(call: S3Call): Promise<string> {
  if (Number(call.header('content-length')) > mostBytes) throw new S3Error('MalformedXML')
  const file = call.bucket.objects.newFile()
  try {
    await receiveBody(call, file)
    return await readFile(file, 'utf8')
  } finally {
    await rm(file, { force: true })
  }
}

function keyOf(object: string): string {
  const key = innerTexts(object, 'Key')[0]
  if (key === undefined) throw new S3Error('MalformedXML')
  return unescapeText(key)
}

function refusal(key: string): string {
  const { code, message } = new S3Error('AccessDenied')
  return element('Error', [element('Key', key), element('Code', code), element('Message', message)])
}
