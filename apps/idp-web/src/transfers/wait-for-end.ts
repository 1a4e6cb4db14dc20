import type { OutcomeListener } from '@anteroom/job-channel'
import type { WebDeps } from '../deps.ts'
import { findTransfer, type TransferRow } from './transfer-rows.ts'

/** Nobody waits longer in one request. */
export const longestWaitSeconds = 25

/** What `Prefer: wait=n` asks for (RFC 7240, section 4.3), as far as we go along; 0 for nothing. */
export function waitSecondsOf(prefer: string | readonly string[] | undefined): number {
  const text = prefer === undefined ? '' : [prefer].flat().join(',')
  const [, seconds] = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])/i.exec(text) ?? []
  return Math.min(Number(seconds ?? 0), longestWaitSeconds)
}

/** News could be lost on its way here. */
const lookAgainMs = 5_000

interface Waiting {
  readonly seconds: number
  /** Aborted when nobody listens any more. */
  readonly signal: AbortSignal
}

/** The transfer when it has ended, or as it is after so long. Woken by events; no connection to the database is held. */
export async function waitForEnd(
  { db, outcomes }: WebDeps,
  row: TransferRow,
  { seconds, signal }: Waiting,
): Promise<TransferRow> {
  const until = performance.now() + seconds * 1_000
  let newest = row
  while (newest.endedAt === null && !signal.aborted) {
    const leftMs = until - performance.now()
    if (leftMs <= 0 || !outcomes.hasRoom(row.jobId)) return newest
    const news = nextNews(outcomes, row.jobId, { ms: Math.min(leftMs, lookAgainMs), signal })
    // After listening has begun: what came in between is not missed.
    newest = (await findTransfer(db, row.consumerId, row.id)) ?? newest
    if (newest.endedAt === null) await news.came
    news.stop()
    newest = (await findTransfer(db, row.consumerId, row.id)) ?? newest
  }
  return newest
}

function nextNews(
  outcomes: OutcomeListener,
  jobId: string,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
) {
  const { promise: came, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const off = outcomes.on(jobId, resolve)
  signal.addEventListener('abort', () => resolve(), { once: true })
  return {
    came,
    stop() {
      clearTimeout(timer)
      off()
    },
  }
}
