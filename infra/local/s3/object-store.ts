import { createHash, randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { S3Error } from './error.ts'

const storedObject = z.object({
  key: z.string(),
  size: z.int(),
  /** With its quotation marks. */
  etag: z.string(),
  modifiedMs: z.int(),
  /** Headers that are sent back as they came: type, user metadata, encryption, checksums. */
  headers: z.record(z.string(), z.string()),
  dataFile: z.uuid(),
})

type StoredObject = Readonly<z.output<typeof storedObject>>

/** What is known of an object beside its bytes. */
export type ObjectFacts = Omit<StoredObject, 'dataFile'>

export interface ObjectStore {
  find(key: string): ObjectFacts | undefined
  /** In the order of S3: by the bytes of the key. */
  list(): readonly ObjectFacts[]
  openData(key: string): Promise<FileHandle>
  /** The name of a new file to write a body to; `commit` takes it over. */
  newFile(): string
  commit(facts: ObjectFacts, file: string, options: { readonly mustBeNew: boolean }): Promise<void>
  remove(key: string): void
  removeExpired(): void
}

export interface ObjectStoreOptions {
  readonly directory: string
  readonly expireAfterSeconds: number | undefined
}

/**
 * Objects as files. File names are made here, from hashes and random ids, never from a key: no key can point
 * outside. One process owns the directory; it reads the facts once and keeps them.
 */
export async function createObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const files = filesIn(options.directory)
  await rm(files.incoming, { recursive: true, force: true })
  for (const folder of [files.facts, files.data, files.incoming]) {
    await mkdir(folder, { recursive: true })
  }
  const ageLimitMs = (options.expireAfterSeconds ?? Number.POSITIVE_INFINITY) * 1000
  const state: State = { files, ageLimitMs, objects: await readObjects(files.facts) }
  return {
    find: (key) => find(state, key),
    list: () => {
      removeExpired(state)
      return [...state.objects.values()].sort(byKeyBytes)
    },
    openData: (key) => openData(state, key),
    newFile: () => join(files.incoming, randomUUID()),
    commit: async (facts, file, { mustBeNew }) => {
      const dataFile = randomUUID()
      await rename(file, files.dataOf(dataFile))
      put(state, { ...facts, dataFile }, mustBeNew)
    },
    remove: (key) => remove(state, key),
    removeExpired: () => removeExpired(state),
  }
}

interface State {
  readonly files: ReturnType<typeof filesIn>
  readonly ageLimitMs: number
  readonly objects: Map<string, StoredObject>
}

function filesIn(directory: string) {
  const facts = join(directory, 'facts')
  const data = join(directory, 'data')
  return {
    facts,
    data,
    incoming: join(directory, 'incoming'),
    dataOf: (dataFile: string) => join(data, dataFile),
    factsOf: (key: string) => join(facts, `${createHash('sha256').update(key).digest('hex')}.json`),
  }
}

async function readObjects(folder: string): Promise<Map<string, StoredObject>> {
  const objects = new Map<string, StoredObject>()
  const files = await readdir(folder)
  for (const file of files.filter((name) => name.endsWith('.json'))) {
    const object = storedObject.parse(JSON.parse(await readFile(join(folder, file), 'utf8')))
    objects.set(object.key, object)
  }
  return objects
}

function find(state: State, key: string): StoredObject | undefined {
  const object = state.objects.get(key)
  if (object && Date.now() - object.modifiedMs > state.ageLimitMs) remove(state, key)
  return state.objects.get(key)
}

async function openData(state: State, key: string): Promise<FileHandle> {
  const object = find(state, key)
  if (!object) throw new S3Error('NoSuchKey')
  return open(state.files.dataOf(object.dataFile)).catch((error: NodeJS.ErrnoException) => {
    // The object was deleted or replaced while its file was being opened.
    throw error.code === 'ENOENT' ? new S3Error('NoSuchKey') : error
  })
}

/** Nothing waits in here, so that of two uploads at once one is first. */
function put(state: State, object: StoredObject, mustBeNew: boolean): void {
  const { files, objects } = state
  const before = find(state, object.key)
  if (before && mustBeNew) {
    rmSync(files.dataOf(object.dataFile))
    throw new S3Error('PreconditionFailed')
  }
  const target = files.factsOf(object.key)
  writeFileSync(`${target}.new`, JSON.stringify(object))
  renameSync(`${target}.new`, target)
  objects.set(object.key, object)
  if (before) rmSync(files.dataOf(before.dataFile), { force: true })
}

function remove({ files, objects }: State, key: string): void {
  const object = objects.get(key)
  if (!object) return
  objects.delete(key)
  rmSync(files.factsOf(key), { force: true })
  rmSync(files.dataOf(object.dataFile), { force: true })
}

function removeExpired(state: State): void {
  for (const key of [...state.objects.keys()]) find(state, key)
}

function byKeyBytes(a: ObjectFacts, b: ObjectFacts): number {
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))
}
