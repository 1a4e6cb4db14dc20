import { setTimeout as pause } from 'node:timers/promises'
import type { FaultProxy, Watch } from '../fault-proxy.ts'
import type { Paths, Station } from '../harness/bed.ts'
import type { Fault, Strike } from './fault.ts'
import { strikeBusy, strikeOne } from './processes.ts'

/** A step of a job's life, told by what the worker sends over one of its networks. */
export interface Step {
  readonly name: string
  readonly path: keyof Paths
  readonly isHere: (piece: Buffer) => boolean
  /** before: the message never leaves. after: it is received, and the answer never arrives. */
  readonly when: 'before' | 'after'
}

// A TLS record with application data: a question to a vendor on its way.
const isQuestion = (piece: Buffer): boolean => piece[0] === 0x17
const says = (text: string) => (piece: Buffer) => piece.includes(text)

const messages = [
  { name: 'claim', path: 'postgres', isHere: says('get_job') },
  { name: 'begin', path: 'postgres', isHere: says('ledger.begin') },
  { name: 'question', path: 'outbound', isHere: isQuestion },
  { name: 'reply kept', path: 'postgres', isHere: says('vendor-calls.answered') },
  { name: 'settle', path: 'postgres', isHere: says('ledger.settle') },
  { name: 'push', path: 'redis', isHere: says('outcome:') },
  { name: 'pushed', path: 'postgres', isHere: says('ledger.pushed') },
  { name: 'complete', path: 'postgres', isHere: says('complete_job') },
  { name: 'image read', path: 's3', isHere: says('GET /anteroom-documents/documents/') },
  { name: 'images removed', path: 's3', isHere: says('POST /anteroom-documents?delete') },
] as const

/** Every step of a job, just before and just after. */
export const steps: readonly Step[] = messages.flatMap((message) => [
  { ...message, when: 'before' },
  { ...message, when: 'after' },
])

export const killAtStep: Fault = {
  name: 'kill-at-step',
  about: 'SIGKILL of a worker just before or after each step of a job, in turn',
  pauseMs: [500, 1_200],
  strike: (bed, random) =>
    strikeBusy(bed, random, async (station) => {
      const struck = await killAt(station, nextStep(), 5_000)
      return struck ? [struck] : []
    }),
}

let turn = 0
function nextStep(): Step {
  turn += 1
  const step = steps[turn % steps.length]
  if (!step) throw new Error('There are no steps')
  return step
}

/** Kills the worker at its next such step; undefined if it came to none in time. */
async function killAt(station: Station, step: Step, withinMs: number): Promise<Strike | undefined> {
  const proxy = station.paths[step.path]
  if (!proxy) throw new Error(`There is no network ${step.path}`)
  const struck = Promise.withResolvers<Strike>()
  proxy.watch(trap(step, () => struck.resolve(strikeOne(station, 'SIGKILL'))))
  const found = await Promise.race([struck.promise, pause(withinMs, undefined)])
  if (found) await station.process.untilEnded()
  unwatch(proxy)
  return found
}

function unwatch(proxy: FaultProxy): void {
  proxy.watch(undefined)
}

/** Lets everything through up to the step, and nothing after it. */
function trap({ isHere, when }: Step, strike: () => void): Watch {
  let caughtOn: number | undefined
  let isOver = false
  return (piece, toward, connection) => {
    if (isOver) return 'drop'
    const isStep = caughtOn === undefined && toward === 'server' && isHere(piece)
    if (isStep && when === 'after') caughtOn = connection
    const isAnswer = toward === 'client' && caughtOn === connection
    if (!isAnswer && !(isStep && when === 'before')) return 'pass'
    isOver = true
    strike()
    return 'drop'
  }
}
