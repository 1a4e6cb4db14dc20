import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fileName } from '../specimens/file-name.ts'
import { type Specimen, specimens } from '../specimens/index.ts'

/*
 * `node infra/local/write-specimens.ts <folder>`: draws the pretend documents that /sandbox offers. `pnpm dev` runs it
 * beside the servers, because drawing keeps a processor busy. The index grows with each document, so that the page
 * offers what is there already; a folder that is complete is left as it is.
 */

const indexSchema = z.array(z.object({ title: z.string(), files: z.array(z.string()) }))
type Index = z.output<typeof indexSchema>

const [folder = ''] = process.argv.slice(2)
if (folder === '') throw new Error('Say which folder')
const indexFile = join(folder, 'index.json')
if (!(await isComplete())) await drawAll()

async function isComplete(): Promise<boolean> {
  const text = await readFile(indexFile, 'utf8').catch(() => '[]')
  const titles = indexSchema.parse(JSON.parse(text)).map(({ title }) => title)
  return titles.join('\n') === specimens.map(({ title }) => title).join('\n')
}

async function drawAll(): Promise<void> {
  await mkdir(folder, { recursive: true })
  const index: Index = []
  for (const specimen of specimens) {
    index.push({ title: specimen.title, files: await draw(specimen) })
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
