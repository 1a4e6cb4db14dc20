import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { localDirectory } from '../support/root.ts'
import { checkFiles } from './check/files.ts'
import { startRushBed } from './harness/bed.ts'
import { type RushOptions, readOptions, usage } from './options.ts'
import { run } from './run.ts'
import { summarise } from './summary.ts'
import { tables } from './table.ts'

/** `pnpm rush`: a crowd that comes all at once, on real processes, and a verdict on what the line promises. */

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopping.abort())
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error)
  return 1
})

async function main(): Promise<number> {
  const options = optionsOrExit()
  tell('starting the stack')
  const bed = await startRushBed(options)
  try {
    const { history, files, ...figures } = await run(bed, {
      ...options,
      signal: stopping.signal,
      tell,
    })
    const summary = summarise(history, { quota: options.quota, windowMs: 1_000 })
    tell('checking some of the files')
    const signed = await checkFiles(bed.stack, files)
    const checked = { files: files.length, signed: signed.length }
    const broken = [
      ...summary.broken,
      ...(signed.length < files.length ? ['a file is not what it should be'] : []),
    ]
    const file = await keep({
      options,
      machine: machine(),
      ...summary,
      ...figures,
      checked,
      broken,
    })
    console.log(tables(summary, figures, options))
    console.log(
      `\n${signed.length} of ${files.length} files were scanned and hold a good signature`,
    )
    console.log(broken.length === 0 ? 'every promise was kept' : broken.join('\n'))
    console.log(`\n${file}`)
    return broken.length > 0 ? 1 : 0
  } finally {
    tell('stopping')
    await bed.stop()
  }
}

async function keep(results: object): Promise<string> {
  const folder = join(localDirectory, 'rush')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}.json`)
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`)
  return file
}

function machine() {
  const [cpu] = cpus()
  return { cpu: cpu?.model ?? 'unknown', cores: cpus().length, node: process.version }
}

function optionsOrExit(): RushOptions {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exit(2)
  }
}

function tell(text: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${text}`)
}
