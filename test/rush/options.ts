import { parseArgs } from 'node:util'

export interface RushOptions {
  readonly people: number
  /** Of 1: who leaves before it is their turn. */
  readonly leave: number
  /** Calls a second that the registry takes. */
  readonly quota: number
  /** Everybody arrives within this, at random. */
  readonly minutes: number
  /** Then it is over, whoever still waits. */
  readonly maxMinutes: number
  /** How long the registry takes on average, in milliseconds. */
  readonly slowMs: number
  /** How unpunctual a call may be, in milliseconds: the worker's `registry_quota_slack_ms`. */
  readonly slackMs: number
  readonly webs: number
  readonly workers: number
  readonly seed: number
}

export const usage =
  'pnpm rush [--people <n>] [--leave <0 to 0.9>] [--quota <calls a second>] [--minutes <n>] [--max-minutes <n>] [--slow <ms>] [--slack <ms>] [--webs <n>] [--workers <n>] [--seed <n>]'

/** Throws an Error whose message says what is wrong. */
export function readOptions(args: readonly string[]): RushOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      people: { type: 'string', default: '20000' },
      leave: { type: 'string', default: '0.6' },
      quota: { type: 'string', default: '50' },
      minutes: { type: 'string', default: '2' },
      'max-minutes': { type: 'string', default: '15' },
      slow: { type: 'string', default: '1500' },
      // Everything shares a machine with the people, so calls are less punctual than where a worker has one of its own.
      slack: { type: 'string', default: '150' },
      webs: { type: 'string', default: '2' },
      workers: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
    },
  })
  const leave = Number(values.leave)
  if (!(leave >= 0 && leave <= 0.9)) throw new Error('--leave must be from 0 to 0.9.')
  return {
    leave,
    people: whole('people', values.people, 100_000),
    quota: whole('quota', values.quota, 1_000),
    minutes: positive('minutes', values.minutes),
    maxMinutes: positive('max-minutes', values['max-minutes']),
    slowMs: whole('slow', values.slow, 30_000),
    slackMs: whole('slack', values.slack, 10_000),
    webs: whole('webs', values.webs, 8),
    workers: whole('workers', values.workers, 8),
    seed: whole('seed', values.seed, 2 ** 31),
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} must be a positive number.`)
  return value
}

function whole(name: string, text: string, max: number): number {
  const value = positive(name, text)
  if (!Number.isInteger(value) || value > max) {
    throw new Error(`--${name} must be a whole number, ${max} at most.`)
  }
  return value
}
