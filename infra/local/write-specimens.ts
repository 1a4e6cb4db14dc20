import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileName } from '../specimens/file-name.ts'
import { type Specimen, specimens } from '../specimens/index.ts'
import { isIndexOf, type SpecimenEntry, specimenEntry } from './specimen-index.ts'

/*
 * `node infra/local/write-specimens.ts <folder>`: draws the pretend documents that /sandbox offers. `pnpm dev` runs it
 * beside the servers, because drawing keeps a processor busy. The index grows with each document, so that the page
 * offers what is there already; a folder that is complete is left as it is.
 */

const [folder = ''] = process.argv.slice(2)
if (folder === '') throw new Error('Say which folder')
const indexFile = join(folder, 'index.json')
if (!(await isComplete())) await drawAll()

async function isComplete(): Promise<boolean> {
  return isIndexOf(specimens, await readFile(indexFile, 'utf8').catch(() => '[]'))
}

async function drawAll(): Promise<void> {
  await mkdir(folder, { recursive: true })
  const index: SpecimenEntry[] = []
  for (const specimen of specimens) {
    index.push(specimenEntry(specimen, await draw(specimen)))
    await writeFile(`${indexFile}.draft`, JSON.stringify(index))
    await rename(`${indexFile}.draft`, indexFile)
  }
}

/** The names of its files, the front first. */
async function draw(specimen: Specimen): Promise<string[]> {
  const { front, back } = await specimen.files()
  const sides = back
    ? ([
        ['front', front],
        ['back', back],
      ] as const)
    : ([['front', front]] as const)
  const names: string[] = []
  for (const [side, bytes] of sides) {
    const name = fileName(specimen.name, side, bytes)
    await writeFile(join(folder, name), bytes)
    names.push(name)
  }
  return names
}
