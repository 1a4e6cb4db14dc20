import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'

/** A run at the terminal that takes minutes, such as `pnpm faults` and `pnpm rush`. */
export interface LongRun<Options> {
  /** @throws an Error whose message says what is wrong with the arguments */
  readonly readOptions: (args: readonly string[]) => Options
  readonly usage: string
  /** @param signal Told to stop: what there is by then is still worth showing. Returns the exit code. */
  readonly run: (options: Options, signal: AbortSignal) => Promise<number>
}

/** Exits with 2 for arguments that mean nothing, with 1 for a failure. */
export async function longRun<Options>({
  readOptions,
  usage,
  run,
}: LongRun<Options>): Promise<void> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stopping.abort())
  }
  let options: Options
  try {
    options = readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exitCode = 2
    return
  }
  process.exitCode = await run(options, stopping.signal).catch((error: unknown) => {
    console.error(error)
    return 1
  })
}

/** How far it is. */
export function tell(text: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${text}`)
}

/** What figures were measured on. */
export function machine() {
  const [cpu] = cpus()
  return { cpu: cpu?.model ?? 'unknown', cores: cpus().length, node: process.version }
}

/** Writes the results to a new file in this folder, and what else is given beside it. Returns the file. */
export async function keepResults(
  folder: string,
  results: object,
  history?: object,
): Promise<string> {
  const name = new Date().toISOString().replace(/[:.]/g, '-')
  const file = join(folder, `${name}.json`)
  await mkdir(folder, { recursive: true })
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`)
  if (history) await writeFile(join(folder, `${name}.history.json`), JSON.stringify(history))
  return file
}
