import { parseArgs } from 'node:util'
import { type ProfileName, profiles } from './profiles.ts'

export interface Options {
  readonly profile: ProfileName
  /** Rows to run; empty for all. */
  readonly only: readonly string[]
  /** Whether a missed goal is a failure of the command. */
  readonly strict: boolean
  /** Whether each measured process leaves a V8 CPU profile beside the results. */
  readonly cpuProfile: boolean
}

export const usage = `pnpm bench [--profile ${Object.keys(profiles).join('|')}] [--only <row>]… [--strict] [--cpu-prof]`

/** Throws an Error whose message says what is wrong. */
export function readOptions(args: readonly string[], rowNames: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      profile: { type: 'string', default: 'default' },
      only: { type: 'string', multiple: true, default: [] },
      strict: { type: 'boolean', default: false },
      'cpu-prof': { type: 'boolean', default: false },
    },
  })
  const { profile, only, strict } = values
  if (!isProfile(profile)) throw new Error(`There is no profile ${profile}.`)
  const unknown = only.filter((name) => !rowNames.includes(name))
  if (unknown.length > 0) {
    throw new Error(`There is no row ${unknown.join(', ')}; there are ${rowNames.join(', ')}.`)
  }
  return { profile, only, strict, cpuProfile: values['cpu-prof'] }
}

function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(profiles, name)
}
