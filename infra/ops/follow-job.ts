import { setTimeout as pause } from 'node:timers/promises'
import type { JobRider } from '@anteroom/job-channel'
import type { OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { type JobState, jobState } from './statements.ts'

export interface Following {
  readonly rider: JobRider
  readonly waitSeconds: number
  /** What is so once the job is done. */
  readonly effect: string
  /** Where the worker's being done is not all: whether the web has taken up what it made. */
  readonly isServed?: () => Promise<boolean>
}

const lookEveryMs = 100

/** Looks into the worker's ledger until the job has ended or the time is up, and says what it came to. */
export async function followJob(deps: OpsDeps, following: Following): Promise<ExitCode> {
  const { say, note } = deps
  const { rider, waitSeconds, effect } = following
  note(`Taken. Waiting up to ${waitSeconds} s for it to be in effect.`)
  const until = performance.now() + waitSeconds * 1_000
  const seen = await untilEnded(deps, rider.wire.id, until)
  if (seen?.state === 'done' && (await untilServed(following, until))) {
    say(`In effect: ${effect}`)
    return exitCodes.inEffect
  }
  if (seen?.state === 'failed') {
    say(
      `Failed: the worker says ${seen.reason}. The runbook says how to look, under "A job is stuck".`,
    )
    note(`job ${rider.wire.id}`)
    return exitCodes.failed
  }
  say(`Taken, but not known to be in effect: ${hitch(seen)}.`)
  if (seen?.state !== 'done') {
    say(`It takes effect if a worker ends it within ${rider.deadlineSeconds} s; look again then.`)
  }
  note(`job ${rider.wire.id}`)
  return exitCodes.notKnown
}

function hitch(seen: JobState | undefined): string {
  switch (seen?.state) {
    case undefined:
      return 'no worker has begun it'
    case 'done':
      return 'the worker has done it, and the web does not serve it yet'
    case 'waiting':
      return 'the worker could not do it and tries again'
    case 'running':
    case 'failed':
      return 'a worker is at it'
  }
}

/** What is known when the time is up, or sooner if the job has ended. */
async function untilEnded(
  { db, note }: OpsDeps,
  jobId: string,
  until: number,
): Promise<JobState | undefined> {
  let seen: JobState | undefined
  for (;;) {
    // It is taken in any case: who cannot look does not know, and must not say that it failed.
    const found = await jobState(db, jobId).catch(() => seen)
    if (found && found.state !== seen?.state) note(`The worker says: ${found.state}.`)
    seen = found
    const hasEnded = seen?.state === 'done' || seen?.state === 'failed'
    if (hasEnded || performance.now() >= until) return seen
    await pause(lookEveryMs)
  }
}

async function untilServed(
  { isServed = async () => true }: Following,
  until: number,
): Promise<boolean> {
  for (;;) {
    if (await isServed().catch(() => false)) return true
    if (performance.now() >= until) return false
    await pause(lookEveryMs)
  }
}
