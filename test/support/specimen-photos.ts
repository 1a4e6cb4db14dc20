import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileName } from '@anteroom/infra/specimens/file-name.ts'
import { specimens } from '@anteroom/infra/specimens/index.ts'

/** Files of the photos; an empty name where there is no such side. */
export interface Photos {
  readonly front: string
  readonly back: string
}

/** Draws a specimen and saves its photos in this folder; where they are. */
export async function photosOf(name: string, folder: string): Promise<Photos> {
  const specimen = specimens.find((one) => one.name === name)
  if (!specimen) throw new Error(`There is no specimen "${name}"`)
  const { front, back } = await specimen.files()
  const frontFile = join(folder, fileName(name, 'front', front))
  await writeFile(frontFile, front)
  if (!back) return { front: frontFile, back: '' }
  const backFile = join(folder, fileName(name, 'back', back))
  await writeFile(backFile, back)
  return { front: frontFile, back: backFile }
}
