import { type S3Call, sendXml } from './call.ts'
import { S3Error } from './error.ts'
import type { ObjectFacts } from './object-store.ts'
import { element } from './xml.ts'

const mostKeys = 1000

type Entry =
  | { readonly name: string; readonly object: ObjectFacts }
  | { readonly name: string; readonly object: undefined }

/** ListObjectsV2: prefix, delimiter, pages. */
export function listObjects(call: S3Call): void {
  const prefix = call.query('prefix') ?? ''
  const delimiter = call.query('delimiter') ?? ''
  const maxKeys = readMaxKeys(call)
  const after = startOf(call)
  const entries = entriesOf(call.bucket.objects.list(), prefix, delimiter).filter(
    ({ name }) => after === undefined || isAfter(name, after),
  )
  const page = entries.slice(0, maxKeys)
  const last = page.at(-1)
  const isTruncated = entries.length > page.length && last !== undefined
  const name = (text: string) => (call.query('encoding-type') === 'url' ? encodeKey(text) : text)

  const root = element('ListBucketResult', [
    element('Name', call.bucket.options.name),
    element('Prefix', name(prefix)),
    delimiter ? element('Delimiter', name(delimiter)) : undefined,
    call.query('encoding-type') ? element('EncodingType', 'url') : undefined,
    element('MaxKeys', String(maxKeys)),
    element('KeyCount', String(page.length)),
    element('IsTruncated', String(isTruncated)),
    isTruncated ? element('NextContinuationToken', tokenOf(last.name)) : undefined,
    ...page.map((entry) => entryElement(entry, name)),
  ])
  sendXml(call.response, 200, root)
}

function readMaxKeys(call: S3Call): number {
  if (call.query('list-type') !== '2') throw new S3Error('NotImplemented')
  const text = call.query('max-keys') ?? String(mostKeys)
  if (!/^\d{1,9}$/.test(text)) throw new S3Error('InvalidArgument')
  return Math.min(Number(text), mostKeys)
}

/** Keys, and with a delimiter one entry for each group of keys that begin alike up to it. */
function entriesOf(objects: readonly ObjectFacts[], prefix: string, delimiter: string): Entry[] {
  const entries = new Map<string, Entry>()
  for (const object of objects) {
    if (!object.key.startsWith(prefix)) continue
    const cut = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1
    if (cut < 0) entries.set(object.key, { name: object.key, object })
    else {
      const name = object.key.slice(0, cut + delimiter.length)
      entries.set(name, { name, object: undefined })
    }
  }
  return [...entries.values()]
}

function startOf(call: S3Call): string | undefined {
  const token = call.query('continuation-token')
  if (token === undefined) return call.query('start-after')
  const name = Buffer.from(token, 'base64url').toString()
  if (tokenOf(name) !== token) throw new S3Error('InvalidArgument')
  return name
}

function tokenOf(name: string): string {
  return Buffer.from(name).toString('base64url')
}

function isAfter(name: string, start: string): boolean {
  return Buffer.compare(Buffer.from(name), Buffer.from(start)) > 0
}

function entryElement({ name, object }: Entry, encode: (text: string) => string): string {
  if (!object) return element('CommonPrefixes', [element('Prefix', encode(name))])
  return element('Contents', [
    element('Key', encode(name)),
    element('LastModified', new Date(object.modifiedMs).toISOString()),
    element('ETag', object.etag),
    element('Size', String(object.size)),
    element('StorageClass', 'STANDARD'),
  ])
}

function encodeKey(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/')
}
