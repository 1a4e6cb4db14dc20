import { isJobId, type JobState, jobActions, jobStates } from '@anteroom/operations'
import { BadCommandError, type Command } from './command.ts'
import { actorOf, type Options, only } from './command-options.ts'
import { placeIn } from './place-in.ts'
import { wholeNumber } from './whole-number.ts'

const firstWords = ['queues', 'workers', 'deliveries', 'jobs', 'job'] as const
type FirstWord = (typeof firstWords)[number]

/** Whether the command is about the queue, the workers or a job. */
export function isAboutJobs(word: string): word is FirstWord {
  return firstWords.some((it) => it === word)
}

interface Line {
  readonly options: Options
  readonly env: NodeJS.ProcessEnv
}

export function parseJobCommand(
  first: FirstWord,
  rest: readonly string[],
  { options, env }: Line,
): Command {
  switch (first) {
    case 'queues':
    case 'workers':
    case 'deliveries':
      only(options, [])
      none(rest)
      return { name: first }
    case 'jobs':
      only(options, ['state', 'job', 'last', 'after'])
      none(rest)
      return {
        name: 'jobs',
        state: stateOf(options),
        ...(options.job !== undefined && { job: options.job }),
        ...(options.after !== undefined && { after: placeIn(options.after) }),
        atMost: wholeNumber('--last', options.last ?? '50', [1, 1000]),
      }
    case 'job':
      return parseOneJob(rest, { options, env })
  }
}

function parseOneJob([verb = '', ...jobIds]: readonly string[], { options, env }: Line): Command {
  if (verb === 'show') {
    only(options, [])
    return { name: 'job show', jobId: oneOf(jobIds) }
  }
  const action = jobActions.find((it) => it === verb)
  if (!action) throw new BadCommandError(`There is no command "job ${verb}".`)
  only(options, ['actor'])
  return { name: 'job act', action, jobId: oneOf(jobIds), actor: actorOf(options, env) }
}

function stateOf({ state }: Options): JobState {
  const known = jobStates.find((it) => it === state)
  if (known) return known
  throw new BadCommandError(`Say which: --state ${jobStates.join('|')}.`)
}

function oneOf([jobId = '', ...more]: readonly string[]): string {
  if (isJobId(jobId) && more.length === 0) return jobId
  throw new BadCommandError('Say one job, by its 43 characters.')
}

function none(rest: readonly string[]): void {
  if (rest.length > 0) throw new BadCommandError('Too much: this command takes only options.')
}
