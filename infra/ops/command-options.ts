import { parseArgs } from 'node:util'
import { BadCommandError } from './command.ts'

export type Options = ReturnType<typeof split>['options']
export type OptionName = keyof Options

/** Words and options of a command line. */
export function split(line: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...line],
      allowPositionals: true,
      options: {
        actor: { type: 'string' },
        wait: { type: 'string' },
        last: { type: 'string' },
        reason: { type: 'string' },
        clear: { type: 'boolean' },
        name: { type: 'string' },
        'redirect-uri': { type: 'string', multiple: true },
        'logout-uri': { type: 'string', multiple: true },
        scopes: { type: 'string' },
        'max-ial': { type: 'string' },
        keys: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return { words: positionals, options: values }
  } catch (error) {
    // Node says which option it was; no value of any secret kind is ever given here.
    throw new BadCommandError(error instanceof Error ? error.message : undefined)
  }
}

/** An option that would be without effect was meant for something. */
export function only(options: Options, allowed: readonly OptionName[]): void {
  for (const name of Object.keys(options)) {
    if (!allowed.some((it) => it === name)) {
      throw new BadCommandError(`--${name} does not belong to this command.`)
    }
  }
}
