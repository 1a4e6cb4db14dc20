import { keepResults, longRun, tell } from '../support/long-run.ts'
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

await longRun({
  usage,
  readOptions: (args) =>
    readOptions(
      args,
      faults.map(({ name }) => name),
    ),
  run: runFaults,
})

async function runFaults(options: Options, signal: AbortSignal): Promise<number> {
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
      signal,
      tell,
    })
    const summary = summarise(history, chosen)
    const said = [...bed.workers, ...bed.webs].map(({ process: { lives, said: events } }) => ({
      name: lives[0]?.name,
      lives: lives.length,
      events: Object.fromEntries(events),
    }))
    // The summary for whoever reads it; the whole history beside it, for whoever has to find out what went wrong.
    const results = { options, ...summary, said, injections: history.injections }
    const file = await keepResults(resultsFolder, results, history)
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
