import { setTimeout as pause } from 'node:timers/promises'
import type { Supervised } from '../faults/harness/supervised.ts'
import { mostWithin } from './check/quota.ts'
import type { Times } from './crowd/times.ts'
import type { RushBed } from './harness/bed.ts'
import { type ProcessFigures, readProcesses, usedBetween } from './harness/process-figures.ts'
import { readTicketChanges } from './harness/ticket-audit.ts'
import type { History } from './history.ts'
import type { RushOptions } from './options.ts'
import type { CrowdReport } from './sides/crowd.ts'

/** What a rush was like; `history` is what its verdict is made of. */
export interface Rush {
  readonly history: History
  readonly seconds: number
  readonly requests: { readonly perSecond: number; readonly busiestSecond: number }
  readonly polls: Times
  readonly bare: Times
  readonly files: readonly string[]
  readonly processes: readonly ProcessFigures[]
  /** How often each event that is not of every job was logged, by the services of each kind. */
  readonly said: Readonly<Record<'web' | 'worker', Readonly<Record<string, number>>>>
  /** Services that ended and were started again. */
  readonly restarts: number
  /** The most people that stood in the line, as the line itself counts them. */
  readonly longestLine: number
}

export interface RunOptions
  extends Pick<RushOptions, 'people' | 'leave' | 'quota' | 'minutes' | 'maxMinutes' | 'seed'> {
  readonly signal: AbortSignal
  readonly tell: (text: string) => void
}

const tellEveryMs = 10_000
/** Of those who leave. */
const backShare = 1 / 3
/** A place is kept for five minutes. */
const backWithinMs = 4 * 60_000
/** What the last people set in motion. */
const settlesMs = 2_000

/** Sends a crowd through the line and waits until the last of it is gone. */
export async function run(bed: RushBed, options: RunOptions): Promise<Rush> {
  const { people, leave, quota, minutes, maxMinutes, seed, signal, tell } = options
  tell(`verifying ${people} people`)
  await bed.crowd.call('invite', people)
  const before = await readProcesses(bed)
  const startedAt = Date.now()
  const coming = bed.crowd.call('come', {
    ...{ people, leave, quota, seed, backShare },
    arriveMs: minutes * 60_000,
    maxMs: maxMinutes * 60_000,
    // In a short rush nobody comes back to a line that has long been empty.
    backWithinMs: Math.min(backWithinMs, (people * 1000) / quota),
    webUrls: bed.webUrls,
    bareUrl: bed.bareUrl,
  })
  const sendHome = () => void bed.crowd.call('sendHome').catch(() => undefined)
  signal.addEventListener('abort', sendHome)
  const watching = watch(bed, options)
  const report = await coming
  signal.removeEventListener('abort', sendHome)
  const longestLine = await watching.stop()
  const seconds = (Date.now() - startedAt) / 1000
  const processes = usedBetween(before, await readProcesses(bed))
  await pause(settlesMs)
  return {
    history: await historyOf(bed, report),
    seconds,
    requests: requestsOf(report, seconds),
    polls: report.polls,
    bare: report.bare,
    files: report.files,
    processes,
    said: { web: eventsOf(bed.webs), worker: eventsOf(bed.workers) },
    restarts: [...bed.webs, ...bed.workers].reduce((sum, { lives }) => sum + lives.length - 1, 0),
    longestLine,
  }
}

async function historyOf(
  { stack, registry }: RushBed,
  { people, present }: CrowdReport,
): Promise<History> {
  return {
    people,
    present,
    calls: await registry.call('arrivals'),
    changes: await readTicketChanges(stack.adminUrl),
  }
}

function requestsOf({ requestsPerSecond }: CrowdReport, seconds: number): Rush['requests'] {
  const all = requestsPerSecond.reduce((sum, count) => sum + count, 0)
  return { perSecond: all / seconds, busiestSecond: Math.max(0, ...requestsPerSecond) }
}

function eventsOf(services: readonly Supervised[]): Record<string, number> {
  const events: Record<string, number> = {}
  for (const { said } of services) {
    for (const [event, times] of said) events[event] = (events[event] ?? 0) + times
  }
  return events
}

/** Looks at the line every second and tells now and then how it stands. */
function watch({ redis, crowd, registry }: RushBed, { tell }: RunOptions) {
  let longest = 0
  let toldAt = Date.now()
  const look = async () => {
    const inLine = await redis.zcard('line:waiting')
    longest = Math.max(longest, inLine)
    if (Date.now() - toldAt < tellEveryMs) return
    toldAt = Date.now()
    const { present, endings } = await crowd.call('progress')
    const ended = Object.entries(endings).map(([how, count]) => `, ${count} ${how}`)
    const moments = (await registry.call('arrivals')).map(({ at }) => at)
    const most = mostWithin(moments, (await registry.call('behaviour')).windowMs)
    tell(`${inLine} in line, ${present} of them there${ended.join('')}; most in a window: ${most}`)
  }
  const timer = setInterval(() => void look().catch(() => undefined), 1_000)
  return {
    async stop(): Promise<number> {
      clearInterval(timer)
      await look().catch(() => undefined)
      return longest
    },
  }
}
