import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { faults } from './faults/index.ts'
import { startBed } from './harness/bed.ts'
import { closeBrowsers } from './harness/browser.ts'
import { resultsFolder } from './harness/places.ts'
import { createRandom } from './harness/random.ts'
import { type Options, readOptions, usage } from './options.ts'
import { run } from './run.ts'
import { summarise } from './summary.ts'
import { table } from './table.ts'

/** `pnpm faults`: people and faults against real processes, and a verdict on what was promised. */

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
  const chosen = faults.filter(
    ({ name }) => options.names.length === 0 || options.names.includes(name),
  )
  tell('starting the stack')
  const bed = await startBed({ workers: options.workers, webs: 2 })
  try {
    const history = await run(bed, {
      faults: chosen,
      totalMs: options.minutes * 60_000,
      perSecond: options.perSecond,
      residueAfterMs: 65_000,
      random: createRandom(options.seed),
      signal: stopping.signal,
      tell,
    })
    const summary = summarise(history, chosen)
    const said = [...bed.workers, ...bed.webs].map(({ process: { lives, said: events } }) => ({
      name: lives[0]?.name,
      lives: lives.length,
      events: Object.fromEntries(events),
    }))
    const file = await keep({ options, ...summary, said, injections: history.injections }, history)
    console.log(table(summary.lines))
    for (const violation of summary.violations.slice(0, 50)) console.log(JSON.stringify(violation))
    console.log(`\n${file}`)
    return summary.violations.length > 0 ? 1 : 0
  } finally {
    tell('stopping')
    closeBrowsers()
    await bed.stop()
  }
}

/** The summary for whoever reads it; the whole history beside it, for whoever has to find out what went wrong. */
async function keep(summary: object, history: object): Promise<string> {
  const name = new Date().toISOString().replace(/[:.]/g, '-')
  await mkdir(resultsFolder, { recursive: true })
  const file = join(resultsFolder, `${name}.json`)
  await writeFile(file, `${JSON.stringify(summary, null, 2)}\n`)
  await writeFile(join(resultsFolder, `${name}.history.json`), JSON.stringify(history))
  return file
}

function optionsOrExit(): Options {
  try {
    return readOptions(
      process.argv.slice(2),
      faults.map(({ name }) => name),
    )
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exit(2)
  }
}

function tell(text: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${text}`)
}
