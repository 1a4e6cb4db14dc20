import { type Report, report } from '@anteroom/job-contracts'
import type { ChainableCommander, Redis } from 'ioredis'

const stream = 'reports'
const group = 'web'
/** Reports are small and consumed at once; the bound keeps a long outage of the web from filling Redis. */
const maxReports = 1_000_000
const field = 'report'

/** Adds a report to a pipeline. */
export function pushReport(pipeline: ChainableCommander, entry: Report): ChainableCommander {
  return pipeline.xadd(stream, 'MAXLEN', '~', maxReports, '*', field, JSON.stringify(entry))
}

export interface ReportConsumerOptions {
  /** A connection of its own: reading blocks it. */
  readonly redis: Redis
  /** Name of this process among the consumers. */
  readonly consumer: string
  /** Applies reports to the web's records, idempotently. What it throws leaves them pending and is tried again. */
  readonly apply: (reports: readonly Report[]) => Promise<void>
  /** Redis has lost the stream: reports may be missing. */
  readonly onLoss: () => Promise<void>
  readonly onError: (error: unknown) => void
}

export interface ReportConsumer {
  stop(): Promise<void>
}

const blockMs = 2_000
const batchSize = 500
/** A report that another consumer took and did not acknowledge for this long is taken over. */
const takeOverAfterMs = 10_000
/** Nobody waits for a report: under load many are applied in one go. */
const gatherMs = 50
const pauseAfterErrorMs = 500

/** Consumes reports: apply first, then acknowledge and delete, so that a crash repeats and never loses one. */
export function startReportConsumer(options: ReportConsumerOptions): ReportConsumer {
  const { redis, onError } = options
  let running = true
  let takeOverAt = 0
  // What was read when something failed is tried once more at once; if that fails as well it must not hold up the rest.
  let from: typeof newOnes | typeof ownPending = newOnes

  async function turn(): Promise<void> {
    if (Date.now() >= takeOverAt) {
      takeOverAt = Date.now() + takeOverAfterMs
      await consume(options, await takeOver(options))
    }
    const entries = await read(options, from)
    await consume(options, entries)
    from = newOnes
    if (entries.length > 0) await pause(gatherMs)
  }

  async function loop(): Promise<void> {
    while (running) {
      try {
        await turn()
      } catch (error) {
        if (!running) return
        const mended = isGroupMissing(error) && (await createGroup(options))
        if (mended) continue
        from = from === newOnes ? ownPending : newOnes
        onError(error)
        await pause(pauseAfterErrorMs)
      }
    }
  }

  const ended = loop()
  return {
    async stop() {
      running = false
      redis.disconnect()
      await ended
    },
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Without fields if it was trimmed from the stream before it was acknowledged. */
type Entry = [id: string, fields: string[] | null]

// From where XREADGROUP reads: what nobody has been given yet, or from the start of what this consumer was given.
const newOnes = '>'
const ownPending = '0'

async function read(
  { redis, consumer }: ReportConsumerOptions,
  from: typeof newOnes | typeof ownPending,
): Promise<Entry[]> {
  const reply = await redis.xreadgroup(
    'GROUP',
    group,
    consumer,
    'COUNT',
    batchSize,
    'BLOCK',
    blockMs,
    'STREAMS',
    stream,
    from,
  )
  // ioredis types the reply as unknown[]; the shape is Redis's own (XREADGROUP, RESP2).
  const streams = reply as [string, Entry[]][] | null
  return streams?.[0]?.[1] ?? []
}

async function takeOver({ redis, consumer }: ReportConsumerOptions): Promise<Entry[]> {
  const reply = await redis.xautoclaim(
    stream,
    group,
    consumer,
    takeOverAfterMs,
    '0-0',
    'COUNT',
    batchSize,
  )
  // As above, for XAUTOCLAIM: next cursor, entries, deleted ids.
  const [, entries] = reply as [string, Entry[], string[]]
  return entries
}

async function consume(options: ReportConsumerOptions, entries: Entry[]): Promise<void> {
  if (entries.length === 0) return
  await options.apply(entries.flatMap(([, fields]) => readEntry(fields ?? [])))
  const ids = entries.map(([id]) => id)
  await options.redis
    .multi()
    .xack(stream, group, ...ids)
    .xdel(stream, ...ids)
    .exec()
}

/** An entry nobody can read is dropped: the ledger still has it, and `report-again` brings it back in a form we can. */
function readEntry(fields: string[]): Report[] {
  const text = fields[fields.indexOf(field) + 1]
  try {
    return [report.parse(JSON.parse(text ?? ''))]
  } catch {
    return []
  }
}

/** Asks for what was lost before the group is there, so that a failure to ask is met again. False if either fails. */
async function createGroup({ redis, onLoss }: ReportConsumerOptions): Promise<boolean> {
  try {
    await onLoss()
    await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM')
    return true
  } catch (error) {
    return isGroupThere(error)
  }
}

// Redis answers with a code as the first word of the message; ioredis gives it no field of its own.
const isGroupMissing = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('NOGROUP')
const isGroupThere = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('BUSYGROUP')
