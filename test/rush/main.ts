import { join } from 'node:path'
import { keepResults, longRun, machine, tell } from '../support/long-run.ts'
import { localDirectory } from '../support/root.ts'
import { checkFiles } from './check/files.ts'
import { startRushBed } from './harness/bed.ts'
import { type RushOptions, readOptions, usage } from './options.ts'
import { run } from './run.ts'
import { summarise } from './summary.ts'
import { tables } from './table.ts'

/** `pnpm rush`: a crowd that comes all at once, on real processes, and a verdict on what the line promises. */

await longRun({ usage, readOptions, run: runRush })

async function runRush(options: RushOptions, signal: AbortSignal): Promise<number> {
  tell('starting the stack')
  const bed = await startRushBed(options)
  try {
    const { history, files, ...figures } = await run(bed, { ...options, signal, tell })
    const summary = summarise(history, { quota: options.quota, windowMs: 1_000 })
    tell('checking some of the files')
    const signed = await checkFiles(bed.stack, files)
    const checked = { files: files.length, signed: signed.length }
    const broken = [
      ...summary.broken,
      ...(signed.length < files.length ? ['a file is not what it should be'] : []),
    ]
    const file = await keepResults(join(localDirectory, 'rush'), {
      ...{ options, machine: machine(), ...summary, ...figures },
      ...{ checked, broken },
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
