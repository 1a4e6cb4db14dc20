import { parseArgs } from 'node:util'

export interface Options {
  readonly minutes: number
  readonly seed: number
  /** Faults to try; empty for all. */
  readonly names: readonly string[]
  /** People who come, per second. */
  readonly perSecond: number
  readonly workers: number
}

export const usage =
  'pnpm faults [--minutes <n>] [--seed <n>] [--fault <name>]… [--rate <people a second>] [--workers <n>]'

/** Throws an Error whose message says what is wrong. */
export function readOptions(args: readonly string[], known: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      fault: { type: 'string', multiple: true, default: [] },
      rate: { type: 'string', default: '20' },
      workers: { type: 'string', default: '4' },
    },
  })
  const unknown = values.fault.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new Error(`There is no fault ${unknown.join(', ')}; there are ${known.join(', ')}.`)
  }
  return {
    minutes: positive('minutes', values.minutes),
    seed: positive('seed', values.seed),
    names: values.fault,
    perSecond: positive('rate', values.rate),
    workers: Math.max(2, positive('workers', values.workers)),
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} must be a positive number.`)
  return value
}
