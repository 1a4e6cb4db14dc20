import { type Outcome, outcome } from '@anteroom/job-contracts'
import type { ChainableCommander, Redis } from 'ioredis'

const outcomeKey = (jobId: string): string => `outcome:${jobId}`
/** One channel for all; a message is a job id. Every web process listens once. */
const outcomeChannel = 'outcomes'

/** Adds to a pipeline: the first outcome for a job stays, later ones change nothing; whoever waits is told. */
export function pushOutcome(
  pipeline: ChainableCommander,
  { jobId, outcome, seconds }: { jobId: string; outcome: Outcome; seconds: number },
): ChainableCommander {
  return pipeline
    .set(outcomeKey(jobId), JSON.stringify(outcome), 'EX', seconds, 'NX')
    .publish(outcomeChannel, jobId)
}

/** One GET; opens nothing. */
export async function readOutcome(redis: Redis, jobId: string): Promise<Outcome | undefined> {
  const text = await redis.get(outcomeKey(jobId))
  return text === null ? undefined : outcome.parse(JSON.parse(text))
}

/** How long an outcome is still kept, in seconds; 0 if there is none. */
export async function outcomeSecondsLeft(redis: Redis, jobId: string): Promise<number> {
  return Math.max(0, await redis.pttl(outcomeKey(jobId))) / 1000
}

/** The web's own answer at the deadline, unless one is there already. Returns whichever stands. */
export async function timeOut(
  redis: Redis,
  jobId: string,
  seconds: number,
): Promise<Outcome | undefined> {
  const timedOut: Outcome = { state: 'failed', reason: 'timed-out' }
  await redis.set(outcomeKey(jobId), JSON.stringify(timedOut), 'EX', seconds, 'NX')
  return readOutcome(redis, jobId)
}

/** Once the person's session has what it needs, nothing is left in Redis. False if nothing was there. */
export async function forgetOutcome(redis: Redis, jobId: string): Promise<boolean> {
  return (await redis.del(outcomeKey(jobId))) === 1
}

/** Has the pages that wait for these jobs ask how things are, though there is no outcome. */
export async function wakePages(redis: Redis, jobIds: readonly string[]): Promise<void> {
  await Promise.all(jobIds.map((jobId) => redis.publish(outcomeChannel, jobId)))
}

const maxPagesPerJob = 5

/** Tells waiting pages of one process that an outcome is there. */
export interface OutcomeListener {
  /** Calls `wake` on each outcome or {@link wakePages} for the job after this moment. Check {@link readOutcome} after subscribing: it may be there already. */
  on(jobId: string, wake: () => void): () => void
  /** Whether one more page may wait for the job: a person has a few tabs, not thousands. */
  hasRoom(jobId: string): boolean
  /** How many pages wait in this process. */
  size(): number
}

/** One subscription per process, on a connection of its own. */
export async function listenForOutcomes(subscriber: Redis): Promise<OutcomeListener> {
  const waiting = new Map<string, Set<() => void>>()
  subscriber.on('message', (_channel, jobId) => {
    for (const wake of waiting.get(jobId) ?? []) wake()
  })
  await subscriber.subscribe(outcomeChannel)

  return {
    on(jobId, wake) {
      const wakes = waiting.get(jobId) ?? new Set()
      waiting.set(jobId, wakes.add(wake))
      return () => {
        wakes.delete(wake)
        if (wakes.size === 0 && waiting.get(jobId) === wakes) waiting.delete(jobId)
      }
    },
    hasRoom: (jobId) => (waiting.get(jobId)?.size ?? 0) < maxPagesPerJob,
    size: () => waiting.size,
  }
}
