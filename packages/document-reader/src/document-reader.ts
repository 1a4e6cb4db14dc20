import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { DocumentReaderError } from './reader-error.ts'
import type { DocumentType, Reading, SideImage } from './reading.ts'
import type { ImageFault, VettedImage } from './vetted-image.ts'

export interface DocumentReader {
  /** Throws `DocumentReaderError`. */
  read(request: ReaderRequest): Promise<Reading>
  /** What `vetImage` does, in a thread and within the time limit. Throws `DocumentReaderError`. */
  vet(request: { bytes: Uint8Array; signal: AbortSignal }): Promise<VettedImage | ImageFault>
  /** Stops the threads; what they were reading is thrown as called off. */
  close(): Promise<void>
}

export interface ReaderRequest {
  readonly type: DocumentType
  readonly images: readonly SideImage[]
  readonly signal: AbortSignal
}

export interface DocumentReaderOptions {
  readonly threads: number
  /** The day by which documents expire and people come of age, `YYYY-MM-DD`. */
  readonly today: () => string
  /** In years. */
  readonly minimumAge: number
  /** How long one reading may take once a thread has it. */
  readonly timeLimitMs?: number
}

/**
 * Reads documents in threads of its own, as many at a time as there are threads: decoding is work, not waiting. A
 * thread that takes too long is stopped and replaced; so is one that runs out of memory.
 */
export function createDocumentReader(options: DocumentReaderOptions): DocumentReader {
  const { threads, today, minimumAge, timeLimitMs = 20_000 } = options
  const pool = new Piscina({
    filename: threadFile(),
    minThreads: 0,
    maxThreads: threads,
    // A thread takes about a second to begin: fonts, decoders.
    idleTimeout: 300_000,
    // Memory outside of JavaScript's heap is bounded by the size of the images instead.
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 64 },
    // The thread's own asynchronous work, such as the image decoder's, needs its event loop.
    atomics: 'disabled',
    recordTiming: false,
  })
  // A thread that cannot even start would otherwise end the process; whoever waits for it runs into the time limit.
  pool.on('error', () => undefined)
  const turn = createTurns(threads)
  const run = <T>(name: string, task: unknown, signal: AbortSignal): Promise<T> =>
    turn(signal, async () => {
      const timeLimit = AbortSignal.timeout(timeLimitMs)
      try {
        return await pool.run(task, { name, signal: AbortSignal.any([signal, timeLimit]) })
      } catch (error) {
        throw translate(error, { called: signal, timeLimit })
      }
    })
  return {
    read: ({ type, images, signal }) =>
      run('readImages', { type, images, rules: { today: today(), minimumAge } }, signal),
    vet: ({ bytes, signal }) => run('vetImage', bytes, signal),
    close: () => pool.destroy(),
  }
}

/** Beside this file: as source, or as the second entry of the bundle this file has become part of. */
function threadFile(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`./reading-thread.${extension}`, import.meta.url))
}

/** Lets so many run at a time, in the order in which they came. The time limit begins with the turn. */
function createTurns(places: number) {
  const waiting: (() => void)[] = []
  let free = places
  return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw new DocumentReaderError('READING_ABORTED')
    if (free === 0) await placeIn(waiting, signal)
    else free -= 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}

/** Waits to be called; who is called off leaves the line. */
function placeIn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = () => {
      signal.removeEventListener('abort', leave)
      resolve()
    }
    const leave = () => {
      waiting.splice(waiting.indexOf(enter), 1)
      reject(new DocumentReaderError('READING_ABORTED'))
    }
    waiting.push(enter)
    signal.addEventListener('abort', leave, { once: true })
  })
}

interface Signals {
  readonly called: AbortSignal
  readonly timeLimit: AbortSignal
}

function translate(error: unknown, { called, timeLimit }: Signals): DocumentReaderError {
  if (called.aborted) return new DocumentReaderError('READING_ABORTED')
  if (timeLimit.aborted) return new DocumentReaderError('READING_TIMED_OUT')
  if (error instanceof DocumentReaderError) return error
  return new DocumentReaderError('READING_FAILED', { cause: error })
}
