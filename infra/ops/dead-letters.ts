import {
  aboutOf,
  batchesOf,
  type DeadLetter,
  type DeadWhich,
  deadLetters,
  discardDeadLetters,
  type ReplayAnswer,
  replayDeadLetters,
  writePlace,
} from '@anteroom/operations'
import type { DeadCommand } from './command.ts'
import type { OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { toSecond } from './to-second.ts'

/** `pnpm ops dead …`: jobs that failed and are kept. What is in them is sealed; only what is readable is shown. */

export async function listDead(
  { db, say, note }: OpsDeps,
  { which, ...page }: Extract<DeadCommand, { name: 'dead list' }>,
): Promise<ExitCode> {
  const { letters, next } = await deadLetters(db, which, page)
  for (const letter of letters) say(lineOf(letter))
  note(letters.length === 0 ? 'There are none.' : `${letters.length}, oldest first.`)
  if (next) note(`There are more: --after ${writePlace(next)}`)
  return exitCodes.inEffect
}

export async function showDead({ db, say }: OpsDeps, jobId: string): Promise<ExitCode> {
  const {
    letters: [letter],
  } = await deadLetters(db, { jobIds: [jobId] }, { atMost: 1 })
  if (!letter) {
    say('There is none of this job.')
    return exitCodes.failed
  }
  const rows = [
    ['job', `${letter.job} ${letter.job_id}`],
    ...Object.entries(letter.clear).map(([name, value]) => [name, String(value)]),
    ['enqueued', toSecond(letter.enqueued_at)],
    ['failed', `${toSecond(letter.died_at)}: ${letter.reason}, ${letter.code}`],
    ...Object.entries(letter.facts).map(([name, value]) => [name, String(value)]),
    ['of use until', letter.useless_at ? toSecond(letter.useless_at) : 'it does not expire'],
    ['kept until', toSecond(letter.purge_at)],
    ['done since, in its stream', String(letter.overtaken)],
  ]
  for (const [name = '', value = ''] of rows) say(`${name.padEnd(27)}${value}`)
  return exitCodes.inEffect
}

export interface DeadOrder {
  readonly actor: string
  readonly which: DeadWhich
}

/** In one statement for each few hundred: each is written into the audit with what it did. */
export async function replayDead(deps: OpsDeps, { actor, which }: DeadOrder): Promise<ExitCode> {
  const { db, say } = deps
  const count = { queued: 0, useless: 0, gone: 0 } satisfies Record<ReplayAnswer, number>
  for (const jobIds of await batchesOf(deps.db, which)) {
    for (const { job_id: jobId, answer } of await replayDeadLetters(db, actor, jobIds)) {
      count[answer] += 1
      if (answer === 'useless') say(`${jobId}  its time has passed`)
      if (answer === 'gone') say(`${jobId}  there is none of this job`)
    }
  }
  const left = count.useless + count.gone
  say(`In effect: ${count.queued} queued again${left > 0 ? `, ${left} not` : ''}.`)
  return left > 0 ? exitCodes.failed : exitCodes.inEffect
}

export async function discardDead(deps: OpsDeps, { actor, which }: DeadOrder): Promise<ExitCode> {
  const batches = await batchesOf(deps.db, which)
  let discarded = 0
  for (const jobIds of batches) {
    discarded += (await discardDeadLetters(deps.db, actor, jobIds)).length
  }
  deps.say(`In effect: ${discarded} thrown away.`)
  return discarded === batches.flat().length ? exitCodes.inEffect : exitCodes.failed
}

function lineOf(letter: DeadLetter): string {
  const status = letter.facts.status === undefined ? '' : ` ${letter.facts.status}`
  const err = letter.facts.err === undefined ? '' : ` ${letter.facts.err}`
  const what = [letter.job, ...aboutOf(letter)].join(' ')
  return `${toSecond(letter.died_at)}  ${letter.job_id}  ${what}  ${letter.code}${status}${err}`
}
