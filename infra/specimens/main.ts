import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  createDocumentReader,
  type DocumentReader,
  type SideImage,
} from '@anteroom/document-reader'
import { describeExpected, describeReading, isAsExpected, wrongFields } from './compare.ts'
import { fileName } from './file-name.ts'
import { type Specimen, type SpecimenFiles, specimens } from './index.ts'

const help = `Reads every specimen and says what came of it: pnpm specimens [options]
  --only <text>   those whose name holds the text
  --write <dir>   saves the files there as well
`

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    write: { type: 'string' },
    help: { type: 'boolean' },
  },
})

if (values.help) process.stdout.write(help)
else process.exitCode = await main(values)

async function main({
  only,
  write,
}: {
  only: string
  write?: string | undefined
}): Promise<number> {
  const wanted = specimens.filter(({ name }) => name.includes(only))
  const reader = createDocumentReader({ threads: 1, today: () => '2026-06-01', minimumAge: 13 })
  console.log(`${'specimen'.padEnd(28)} ${'answer'.padEnd(40)} milliseconds`)
  let failed = 0
  for (const specimen of wanted) {
    const files = await specimen.files()
    if (write !== undefined) await save(write, specimen, files)
    if (!(await readOne(reader, specimen, files))) failed += 1
  }
  await reader.close()
  console.log(`\n${wanted.length - failed} of ${wanted.length} as expected`)
  return failed === 0 && wanted.length > 0 ? 0 : 1
}

async function readOne(
  reader: DocumentReader,
  specimen: Specimen,
  files: SpecimenFiles,
): Promise<boolean> {
  const { name, documentType: type, expected } = specimen
  process.stdout.write(`${name.padEnd(28)} `)
  const start = performance.now()
  const reading = await reader.read({
    type,
    images: imagesOf(files),
    signal: AbortSignal.timeout(60_000),
  })
  const took = String(Math.round(performance.now() - start))
  console.log(`${describeReading(reading).padEnd(40)} ${took.padStart(6)}`)
  if (isAsExpected(reading, expected)) return true
  const wrong = wrongFields(reading, expected)
  console.log(
    `  EXPECTED ${describeExpected(expected)}${wrong.length > 0 ? `; wrong: ${wrong.join(', ')}` : ''}`,
  )
  return false
}

function imagesOf({ front, back }: SpecimenFiles): SideImage[] {
  const first = { side: 'front', bytes: front } as const
  return back ? [first, { side: 'back', bytes: back }] : [first]
}

async function save(
  folder: string,
  { name }: Specimen,
  { front, back }: SpecimenFiles,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, fileName(name, 'front', front)), front)
  if (back) await writeFile(join(folder, fileName(name, 'back', back)), back)
}
