import { randomUUID } from 'node:crypto'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { GraphError } from './graph-error.ts'

export const conflictBehaviours = ['fail', 'rename', 'replace'] as const
export type ConflictBehaviour = (typeof conflictBehaviours)[number]

/** A file of the drive as it is seen from outside, which is only once it is whole. */
export interface DriveItem {
  readonly id: string
  readonly name: string
  /** Folders from the root, by `/`; empty for the root. */
  readonly folder: string
  readonly size: number
  readonly eTag: string
  readonly quickXorHash: string
  /** Where its bytes lie on this machine. */
  readonly file: string
}

/** A finished upload that wants its place. */
export interface Arrival {
  readonly folder: string
  readonly name: string
  readonly conflict: ConflictBehaviour
  readonly size: number
  readonly quickXorHash: string
  /** Is moved into the drive. */
  readonly file: string
}

export interface Drive {
  find(folder: string, name: string): DriveItem | undefined
  list(folder: string): readonly DriveItem[]
  all(): readonly DriveItem[]
  /** @throws GraphError 409 `nameAlreadyExists` where the name is taken and nothing else was wished. */
  add(arrival: Arrival): Promise<DriveItem>
  /** False if there is none. */
  remove(folder: string, name: string): boolean
}

/** A drive that keeps its files in `directory`. Names are told apart without regard to capitals, as OneDrive does. */
export function createDrive(directory: string): Drive {
  const items = new Map<string, DriveItem>()
  const keyOf = (folder: string, name: string) => `${folder}/${name}`.toLowerCase()
  const find = (folder: string, name: string) => items.get(keyOf(folder, name))

  return {
    find,
    list: (folder) =>
      [...items.values()].filter((item) => item.folder.toLowerCase() === folder.toLowerCase()),
    all: () => [...items.values()],
    remove: (folder, name) => items.delete(keyOf(folder, name)),
    async add({ folder, name: wished, conflict, size, quickXorHash, file }) {
      const name = conflict === 'rename' ? freeName(wished, (it) => !find(folder, it)) : wished
      const before = find(folder, name)
      if (before && conflict === 'fail') throw new GraphError(409, 'nameAlreadyExists')
      const id = before?.id ?? randomUUID()
      const place = join(directory, id)
      const item = { id, name, folder, size, quickXorHash, eTag: `"${randomUUID()}"`, file: place }
      // Nothing is awaited between looking whether the name is free and taking it.
      items.set(keyOf(folder, name), item)
      await rename(file, place)
      return item
    },
  }
}

/** `photo.jpg`, `photo 1.jpg`, `photo 2.jpg`, … */
function freeName(wished: string, isFree: (name: string) => boolean): string {
  const [, stem = wished, extension = ''] = /^(.*?)(\.[^.]*)?$/.exec(wished) ?? []
  let name = wished
  for (let number = 1; !isFree(name); number += 1) name = `${stem} ${number}${extension}`
  return name
}
