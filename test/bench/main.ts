import { join } from 'node:path'
import { keepResults, machine } from '../support/long-run.ts'
import { root } from '../support/root.ts'
import { startBed } from './harness/bed.ts'
import { type Options, readOptions, usage } from './harness/options.ts'
import { profiles } from './harness/profiles.ts'
import type { Result } from './harness/result.ts'
import { runRow } from './harness/run-row.ts'
import { table } from './harness/table.ts'
import { endTelling, tell } from './harness/tell.ts'
import { rows } from './rows/index.ts'

/** `pnpm bench`: ours and what it is measured against, side by side, on servers of its own. */

const stopping = Promise.withResolvers<never>()
// Heard by whoever runs at that moment; nobody may.
stopping.promise.catch(() => undefined)
let isStopping = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    isStopping = true
    stopping.reject(new Error('stopped'))
  })
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(isStopping ? '\nstopped' : error)
  return isStopping ? 130 : 1
})

async function main(): Promise<number> {
  const options = optionsOrExit()
  const time = new Date().toISOString().replace(/[:.]/g, '-')
  const directory = join(root, '.local/bench')
  const results = await measure(options, join(directory, time))
  endTelling()

  console.log(table(results))
  const file = await keepResults(directory, { time, options, machine: machine(), results })
  console.log(`\n${file}`)
  return options.strict && results.some(({ verdict }) => verdict === 'miss') ? 1 : 0
}

function optionsOrExit(): Options {
  try {
    const names = rows.map(({ name }) => name)
    return readOptions(process.argv.slice(2), names)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exit(2)
  }
}

async function measure(options: Options, profileDirectory: string): Promise<Result[]> {
  const { profile, only, cpuProfile } = options
  tell('starting Postgres and Redis')
  const bed = await startBed()
  const results: Result[] = []
  try {
    for (const row of rows.filter(({ name }) => only.length === 0 || only.includes(name))) {
      const found = await runRow(row, {
        bed,
        size: profiles[profile],
        profileDirectory: cpuProfile ? profileDirectory : undefined,
        tell,
        stopped: stopping.promise,
      })
      results.push(...found)
    }
  } finally {
    tell('stopping')
    await bed.stop()
  }
  return results
}
