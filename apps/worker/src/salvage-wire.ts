import { type Job, readWire, WireError, type WireJob } from '@anteroom/job-contracts'

export interface Salvaged {
  readonly job: WireJob
  /** Set when the row could not be read and only enough of it is known to answer the person who waits. */
  readonly error?: WireError
}

/**
 * Reads a queue row. A row that does not parse but still names its job id is kept just far enough to end in a `failed`
 * outcome; undefined if not even that much is there.
 */
export function salvageWire(job: Job, raw: unknown, now: number): Salvaged | undefined {
  try {
    const wire = readWire(raw)
    if (wire.job === job.name) return { job: wire }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
  }
  const id = idOf(raw)
  if (id === undefined) return undefined
  return { job: emptyWire(job, id, now), error: new WireError('WIRE_UNREADABLE') }
}

function idOf(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || !('id' in raw)) return undefined
  const { id } = raw
  return typeof id === 'string' && /^[\w-]{43}$/.test(id) ? id : undefined
}

function emptyWire(job: Job, id: string, now: number): WireJob {
  const deadlineAt = now + job.deadlineSeconds * 1000
  return {
    v: 1,
    id,
    job: job.name,
    traceparent: '',
    enqueuedAt: now,
    deadlineAt,
    clear: {},
    sealed: '',
  }
}
