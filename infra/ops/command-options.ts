import { parseArgs } from 'node:util'
import { isOperatorName } from '@anteroom/operations'
import { BadCommandError } from './command.ts'

export type Options = ReturnType<typeof split>['options']
export type OptionName = keyof Options

/** Words and options of a command line. */
export function split(line: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: idsLast(line),
      allowPositionals: true,
      options: {
        actor: { type: 'string' },
        wait: { type: 'string' },
        last: { type: 'string' },
        reason: { type: 'string' },
        partner: { type: 'string' },
        consumer: { type: 'string' },
        destination: { type: 'string' },
        since: { type: 'string' },
        clear: { type: 'boolean' },
        name: { type: 'string' },
        'redirect-uri': { type: 'string', multiple: true },
        'logout-uri': { type: 'string', multiple: true },
        scopes: { type: 'string' },
        'max-ial': { type: 'string' },
        keys: { type: 'string' },
        destinations: { type: 'string' },
        'source-hosts': { type: 'string' },
        'source-buckets': { type: 'string' },
        'path-prefix': { type: 'string' },
        'max-bytes': { type: 'string' },
        'per-minute': { type: 'string' },
        'max-open': { type: 'string' },
        email: { type: 'string' },
        webhook: { type: 'string' },
        credentials: { type: 'string' },
        days: { type: 'string' },
        hours: { type: 'string' },
        expect: { type: 'string', multiple: true },
        job: { type: 'string' },
        state: { type: 'string' },
        after: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return { words: positionals, options: values }
  } catch (error) {
    // Node says which option it was; no value of any secret kind is ever given here.
    throw new BadCommandError(error instanceof Error ? error.message : undefined)
  }
}

/** Of jobs and accounts: 256 random bits. One in 64 begins as an option does. */
const idLikeAnOption = /^-[A-Za-z0-9_-]{42}$/

/** Such ids behind what ends the options: which of several words comes first says nothing where ids are meant. */
function idsLast(line: readonly string[]): string[] {
  const ids = line.filter((word) => idLikeAnOption.test(word))
  const others = line.filter((word) => !idLikeAnOption.test(word))
  return ids.length === 0 || others.includes('--') ? [...line] : [...others, '--', ...ids]
}

/** An option that would be without effect was meant for something. */
export function only(options: Options, allowed: readonly OptionName[]): void {
  for (const name of Object.keys(options)) {
    if (!allowed.some((it) => it === name)) {
      throw new BadCommandError(`--${name} does not belong to this command.`)
    }
  }
}

/** Who gives a command that changes something. */
export function actorOf({ actor }: Options, { USER }: NodeJS.ProcessEnv): string {
  const name = actor ?? USER ?? ''
  if (isOperatorName(name)) return name
  throw new BadCommandError(
    'Say who you are: --actor, or $USER; 1 to 64 letters, digits and ._@+- .',
  )
}
