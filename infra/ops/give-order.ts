import { isCommitUnknown, type JobRider, newJobId, toJobRider } from '@anteroom/job-channel'
import { type Job, jobs, packJob } from '@anteroom/job-contracts'
import { setLineMessage, setLineMode } from '@anteroom/operations'
import { newTraceparent } from '@anteroom/runtime'
import type { z } from 'zod'
import { BadCommandError, type Order } from './command.ts'
import type { OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { followAccountOrder } from './follow-account-order.ts'
import { followJob } from './follow-job.ts'
import {
  holdEvents,
  isRevocationServed,
  type NamedAccount,
  orderAccount,
  orderQuota,
  resignEvents,
  revokeCredentials,
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
export async function giveOrder(ordering: Ordering, deps: OpsDeps): Promise<ExitCode> {
  const { commit, follow } = await prepare(ordering, deps)
  try {
    await commit()
  } catch (error) {
    if (!isCommitUnknown(error)) throw error
    deps.say(
      'The database was lost on the way. `pnpm ops audit` says whether the command was taken.',
    )
    return exitCodes.notKnown
  }
  if (follow) return follow()
  deps.say(`In effect: ${effectOf(ordering.order)}`)
  return exitCodes.inEffect
}

interface Prepared {
  /** One statement. */
  readonly commit: () => Promise<void>
  /** Waits for whoever carries it out, if it is not in effect once it is committed. */
  readonly follow?: () => Promise<ExitCode>
}

async function prepare(ordering: Ordering, deps: OpsDeps): Promise<Prepared> {
  const { order, actor, waitSeconds } = ordering
  const { db } = deps
  const following = { waitSeconds, effect: effectOf(order) }
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
      return {
        commit: () => orderQuota(db, actor, rider),
        follow: () => followJob(deps, { ...following, rider }),
      }
    }
    case 'events hold':
    case 'events release':
      return { commit: () => holdOrRelease(deps, actor, order) }
    case 'events resign':
      return { commit: () => resignEvents(db, actor, order.which) }
    case 'credential revoke': {
      const { numbers, reason } = order
      await assertKnown(deps, numbers)
      const rider = await pack(deps, jobs.credentialRevocations, { numbers: [...numbers] })
      const isServed = () => isRevocationServed(db, numbers)
      return {
        commit: () => revokeCredentials(db, actor, { rider, reason }),
        follow: () => followJob(deps, { ...following, rider, isServed }),
      }
    }
    case 'account suspend':
    case 'account reinstate': {
      const id = newJobId()
      const named = await nameAccount(deps, id, order.whom)
      const wish = order.name === 'account suspend' ? 'suspend' : 'reinstate'
      return {
        commit: () => orderAccount(db, actor, { id, wish, ...named }),
        follow: () => followAccountOrder(deps, { ...following, orderId: id }),
      }
    }
  }
}

async function holdOrRelease(
  { db }: OpsDeps,
  actor: string,
  { name, partner }: Extract<Order, { name: 'events hold' | 'events release' }>,
): Promise<void> {
  const hold = name === 'events hold'
  if (await holdEvents(db, actor, { partner, hold })) return
  throw new BadCommandError(
    hold ? 'They are held already, by an operator.' : 'Nothing is held for this partner.',
  )
}

/** The web alone finds an account by its address, and nobody between can read it. */
async function nameAccount(
  { sealSetting }: OpsDeps,
  orderId: string,
  whom: string,
): Promise<NamedAccount> {
  if (!whom.includes('@')) return { account: whom }
  return { address: await sealSetting({ name: 'account-order', id: orderId }, whom) }
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
    case 'events hold':
      return 'what this partner is to be told from now on is held.'
    case 'events release':
      return 'what was held is told within seconds, in its order.'
    case 'events resign':
      return 'the web signs them anew within seconds; `pnpm ops audit` says how many.'
    case 'account suspend':
      return 'nobody can sign in to it, and whoever was is signed out.'
    case 'account reinstate':
      return 'its owner can sign in again.'
    case 'credential revoke':
      return `${order.numbers.length} revoked. Whoever checks one sees it once they have fetched the new list.`
  }
}
