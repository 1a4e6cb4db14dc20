import { deadFilterOf, deadFilters, isJobId } from '@anteroom/operations'
import { BadCommandError, type Command } from './command.ts'
import { actorOf, type Options, only } from './command-options.ts'
import { placeIn } from './place-in.ts'
import { wholeNumber } from './whole-number.ts'

/** Jobs that one command may name: so many are written into the audit in one line. */
const maxJobs = 500

/** Of `dead list`, `dead show`, `dead replay` and `dead discard`. */
export function parseDeadCommand(
  second: string,
  jobIds: readonly string[],
  { options, env }: { readonly options: Options; readonly env: NodeJS.ProcessEnv },
): Command {
  switch (second) {
    case 'list':
      only(options, [...deadFilters, 'since', 'last', 'after'])
      if (jobIds.length > 0) throw new BadCommandError('`dead show` shows single ones.')
      return {
        name: 'dead list',
        which: whichOf(options),
        atMost: wholeNumber('--last', options.last ?? '100', [1, 1000]),
        ...(options.after !== undefined && { after: placeIn(options.after) }),
      }
    case 'show': {
      only(options, [])
      const [jobId, ...more] = idsOf(jobIds)
      if (jobId === undefined || more.length > 0) throw new BadCommandError('Say one job.')
      return { name: 'dead show', jobId }
    }
    case 'replay':
    case 'discard':
      only(options, ['actor', ...deadFilters, 'since'])
      return {
        name: `dead ${second}`,
        actor: actorOf(options, env),
        which: jobIds.length > 0 ? named(jobIds, options) : wanted(options),
      }
    default:
      throw new BadCommandError(`There is no command "dead ${second}".`)
  }
}

const filters = deadFilters.map((name) => `--${name}`).join(', ')

function named(jobIds: readonly string[], options: Options) {
  if (options.since !== undefined || isNarrow(options)) {
    throw new BadCommandError(`Name jobs, or say which with ${filters} and --since; not both.`)
  }
  return { jobIds: idsOf(jobIds) }
}

/** Everything there is has to be said, too. */
function wanted(options: Options) {
  if (!isNarrow(options)) {
    throw new BadCommandError(`Name jobs, or say which with one of ${filters}.`)
  }
  return whichOf(options)
}

const isNarrow = (options: Options): boolean => Object.keys(deadFilterOf(options)).length > 0

function whichOf({ since, ...options }: Options) {
  const from = since === undefined ? new Date(0) : new Date(since)
  if (Number.isNaN(from.getTime())) {
    throw new BadCommandError('--since is a moment such as 2026-11-23T14:00:00Z.')
  }
  return { ...deadFilterOf(options), since: from }
}

function idsOf(jobIds: readonly string[]): string[] {
  const ids = [...new Set(jobIds)]
  if (ids.length > maxJobs || !ids.every(isJobId)) {
    throw new BadCommandError(`Name up to ${maxJobs} jobs as \`dead list\` does, by 43 characters.`)
  }
  return ids
}
