import { isCommitUnknown, type JobRider, newJobId, toJobRider } from '@anteroom/job-channel'
import { type Job, jobs, packJob } from '@anteroom/job-contracts'
import { newTraceparent } from '@anteroom/runtime'
import type { z } from 'zod'
import { BadCommandError, type Order } from './command.ts'
import type { OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { followJob } from './follow-job.ts'
import {
  isRevocationServed,
  orderQuota,
  revokeCredentials,
  setLineMessage,
  setLineMode,
  unknownNumbers,
} from './statements.ts'

export interface Ordering {
  readonly order: Order
  readonly actor: string
  readonly waitSeconds: number
}

/**
 * Does what an operator ordered, and writes it down in the same transaction. What the worker does is followed until it
 * is in effect.
 */
export async function giveOrder(
  { order, actor, waitSeconds }: Ordering,
  deps: OpsDeps,
): Promise<ExitCode> {
  const { commit, rider, isServed } = await prepare(order, actor, deps)
  try {
    await commit()
  } catch (error) {
    if (!isCommitUnknown(error)) throw error
    deps.say(
      'The database was lost on the way. `pnpm ops audit` says whether the command was taken.',
    )
    return exitCodes.notKnown
  }
  const effect = effectOf(order)
  if (rider) return followJob(deps, { rider, waitSeconds, effect, ...(isServed && { isServed }) })
  deps.say(`In effect: ${effect}`)
  return exitCodes.inEffect
}

interface Prepared {
  /** One statement. */
  readonly commit: () => Promise<void>
  /** The job that carries it out, if it is not in effect once it is committed. */
  readonly rider?: JobRider
  readonly isServed?: () => Promise<boolean>
}

async function prepare(order: Order, actor: string, deps: OpsDeps): Promise<Prepared> {
  const { db } = deps
  switch (order.name) {
    case 'line drain':
      return { commit: () => setLineMode(db, actor, 'drained') }
    case 'line open':
      return { commit: () => setLineMode(db, actor, 'open') }
    case 'line message':
      return { commit: () => setLineMessage(db, actor, order.message) }
    case 'line rate':
    case 'line pause':
    case 'line resume': {
      // The database puts the next revision in the place of this one.
      const wanted = { vendor: 'registry', revision: 1, ...changeOf(order) } as const
      const rider = await pack(deps, jobs.quotaControl, wanted)
      return { rider, commit: () => orderQuota(db, actor, rider) }
    }
    case 'credential revoke': {
      const { numbers, reason } = order
      await assertKnown(deps, numbers)
      const rider = await pack(deps, jobs.credentialRevocations, { numbers: [...numbers] })
      return {
        rider,
        commit: () => revokeCredentials(db, actor, { rider, reason }),
        isServed: () => isRevocationServed(db, numbers),
      }
    }
  }
}

function changeOf(order: Extract<Order, { name: 'line rate' | 'line pause' | 'line resume' }>) {
  if (order.name !== 'line rate') return { paused: order.name === 'line pause' }
  const { calls, windowSeconds } = order
  return { calls, windowSeconds }
}

/** All or none: a typing mistake in one number must not go unnoticed among the others. */
async function assertKnown({ db }: OpsDeps, numbers: readonly string[]): Promise<void> {
  const unknown = await unknownNumbers(db, numbers)
  if (unknown.length === 0) return
  throw new BadCommandError(`No credential has this number: ${unknown.join(', ')}.`)
}

async function pack<J extends Job>(
  { sealPayload }: OpsDeps,
  job: J,
  payload: z.input<J['payload']>,
): Promise<JobRider> {
  const traceparent = newTraceparent()
  return toJobRider(
    job,
    await packJob(job, payload, { id: newJobId(), traceparent, seal: sealPayload }),
  )
}

function effectOf(order: Order): string {
  switch (order.name) {
    case 'line rate':
      return `at most ${order.calls} calls of the registry in ${order.windowSeconds} s.`
    case 'line pause':
      return 'nobody is called; everybody keeps their place.'
    case 'line resume':
      return 'people are called again.'
    case 'line drain':
      return 'nobody new joins the line; who stands in it is served. Pages show it within 5 s.'
    case 'line open':
      return 'people may join the line. Pages show it within 5 s.'
    case 'line message':
      return order.message === undefined
        ? 'no message. It leaves the pages within 5 s.'
        : `everybody in line is told ${JSON.stringify(order.message)}. Pages show it with their next question.`
    case 'credential revoke':
      return `${order.numbers.length} revoked. Whoever checks one sees it once they have fetched the new list.`
  }
}
