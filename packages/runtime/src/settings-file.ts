import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { LineCounter, parseDocument } from 'yaml'

/** Reads one object as text. Made by `createS3SettingsReader`. */
export type ReadS3 = (object: { readonly bucket: string; readonly key: string }) => Promise<string>

/** `reason` never quotes the file: not a line of it, not a key, not a value. */
export type SettingsFile =
  | { readonly ok: true; readonly values: ReadonlyMap<string, unknown> }
  | { readonly ok: false; readonly reason: string }

/** @param address `file:/path` or `s3://bucket/key`. */
export async function readSettingsFile(address: string, readS3?: ReadS3): Promise<SettingsFile> {
  const read = readerFor(address, readS3)
  if (!read) return refused('must be file:/path or s3://bucket/key')
  // What the file system or S3 says may hold the address; its kind of failure is enough.
  const text = await read().catch(() => undefined)
  return text === undefined ? refused('cannot be read') : parse(text)
}

function readerFor(address: string, readS3?: ReadS3): (() => Promise<string>) | undefined {
  if (address.startsWith('file:/') && URL.canParse(address)) {
    return async () => readFile(fileURLToPath(address), 'utf8')
  }
  const { bucket, key } = /^s3:\/\/(?<bucket>[^/]+)\/(?<key>.+)$/.exec(address)?.groups ?? {}
  if (!readS3 || !bucket || !key) return undefined
  return () => readS3({ bucket, key })
}

function parse(text: string): SettingsFile {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem) {
    const { line, col } = lineCounter.linePos(problem.pos[0])
    return refused(`is not valid YAML at line ${line}, column ${col}`)
  }
  return toMap(document)
}

function toMap(document: ReturnType<typeof parseDocument>): SettingsFile {
  const content = toPlain(document)
  if (content === null) return { ok: true, values: new Map() }
  if (typeof content !== 'object' || Array.isArray(content)) {
    return refused('must be a list of names and values')
  }
  return { ok: true, values: new Map(Object.entries(content)) }
}

/** Without aliases, which only make a small file large. */
function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    return undefined
  }
}

function refused(reason: string): SettingsFile {
  return { ok: false, reason }
}
