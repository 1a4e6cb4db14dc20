import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { Paper } from './make-paper.ts'
import { assertPrintable } from './shapes.ts'

/** Prints in threads of its own. */
export interface Press {
  readonly print: (paper: Paper) => Promise<Buffer>
  close(): Promise<void>
}

/** So that a burst does not wait for one thread; each holds the fonts. */
const threads = 2
/** Of a process's priority; where a system knows none for threads, all stay as they are. A file may wait a moment, a call may not. */
const lessUrgentBy = 5
/** In megabytes. Left to itself the engine collects ten times as much garbage of finished papers before it looks. */
const heapLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 192 }

/**
 * A paper is some twenty milliseconds of work. In the worker's own thread that much would make other jobs miss the moment
 * at which they may call a vendor.
 *
 * @throws Error if the issuer's name has letters that cannot be printed
 */
export function startPress(issuerName: string): Press {
  assertPrintable(issuerName)
  const pool = new Piscina({
    filename: threadFile(),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 300_000,
    niceIncrement: lessUrgentBy,
    resourceLimits: heapLimits,
    workerData: { issuerName },
    recordTiming: false,
  })
  // A thread that cannot even start would otherwise end the process; the job that waits for it fails at its deadline.
  pool.on('error', () => undefined)
  return {
    print: async (paper) => Buffer.from(await pool.run(paper, { name: 'print' })),
    close: () => pool.destroy(),
  }
}

/** Beside this file: as source, or as another entry of the bundle this file has become part of. */
function threadFile(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`./press-thread.${extension}`, import.meta.url))
}
