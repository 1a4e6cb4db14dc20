import {
  deliveries,
  heldReceivers,
  type JobFacts,
  jobCalls,
  jobFacts,
  jobsIn,
  queueFigures,
  workerFigures,
  workerLife,
  writePlace,
} from '@anteroom/operations'
import type { JobCommand } from './command.ts'
import type { OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { toSecond } from './to-second.ts'

/** `pnpm ops queues|workers|deliveries|events held|jobs|job show`: what is known of jobs, and nothing of what is in them. */

export async function showQueues({ db, say }: OpsDeps): Promise<ExitCode> {
  const rows = (await queueFigures(db)).map((it) => [
    it.job,
    it.ready,
    it.oldest_seconds === null ? '-' : `${Math.round(it.oldest_seconds)} s`,
    ...[it.running, it.scheduled, it.done_lately, it.failed_lately, it.dead],
  ])
  const head = ['job', 'ready', 'oldest', 'running', 'scheduled', 'done/h', 'failed/h', 'dead']
  sayTable(say, [head, ...rows])
  return exitCodes.inEffect
}

export async function showWorkers({ db, say, note }: OpsDeps): Promise<ExitCode> {
  const workers = await workerFigures(db)
  const rows = workers.map(({ worker_id: id, heartbeat_age_seconds: age, jobs }) => [
    id,
    workerLife(age),
    age === null ? '-' : `${age.toFixed(1)} s`,
    jobs,
  ])
  sayTable(say, [['worker', 'life', 'beat', 'jobs'], ...rows])
  if (workers.length === 0) note('There are none.')
  return exitCodes.inEffect
}

export async function showDeliveries({ db, say, note }: OpsDeps): Promise<ExitCode> {
  const partners = await deliveries(db)
  const rows = partners.map((it) => [
    it.partner,
    ...[it.held, it.queued, it.delivered_lately, it.dead_lately, it.dead_letters],
    it.last_delivered_at === null ? '-' : toSecond(it.last_delivered_at),
  ])
  const head = ['partner', 'held', 'queued', 'delivered/d', 'dead/d', 'letters', 'last']
  sayTable(say, [head, ...rows])
  if (partners.length === 0) note('There are none.')
  return exitCodes.inEffect
}

export async function showHeld({ db, say, note }: OpsDeps): Promise<ExitCode> {
  const held = await heldReceivers(db)
  const rows = held.map(({ partner, held_at: since, is_gone: isGone, events }) => [
    ...[partner, toSecond(since), events],
    isGone ? 'it answered 410' : 'by an operator',
  ])
  sayTable(say, [['partner', 'since', 'events', 'why'], ...rows])
  if (held.length === 0) note('There are none.')
  return exitCodes.inEffect
}

export async function listJobs(
  { db, say, note }: OpsDeps,
  wanted: Extract<JobCommand, { name: 'jobs' }>,
): Promise<ExitCode> {
  const { jobs, next } = await jobsIn(db, wanted)
  for (const it of jobs) {
    const facts = [it.reason, it.code, it.worker_id].filter((word) => word !== null)
    say([toSecond(it.at), it.job_id, it.job, `attempt ${it.attempt}`, ...facts].join('  '))
  }
  if (jobs.length === 0) note('There are none.')
  if (next) note(`There are more: --after ${writePlace(next)}`)
  return exitCodes.inEffect
}

export async function showJob({ db, say }: OpsDeps, jobId: string): Promise<ExitCode> {
  const facts = await jobFacts(db, jobId)
  if (!facts) {
    say('Nobody knows this job.')
    return exitCodes.failed
  }
  for (const [name, value] of rowsOf(facts)) {
    if (value !== null) say(`${name.padEnd(27)}${shown(value)}`)
  }
  for (const { vendor, asked_at: asked, answered_at: answered } of await jobCalls(db, jobId)) {
    const then = answered === null ? 'no answer seen' : `answered ${toSecond(answered)}`
    say(`${'vendor'.padEnd(27)}${vendor}: asked ${toSecond(asked)}, ${then}`)
  }
  return exitCodes.inEffect
}

type Value = string | number | boolean | Date | null

const rowsOf = (it: JobFacts): readonly (readonly [string, Value])[] => [
  ['job', `${it.job} ${it.job_id}`],
  ['in the ledger', it.state ?? 'no worker has begun it'],
  ['in the queue', it.queue_state ?? 'no'],
  ['reason', it.reason],
  ['code', it.code],
  ['attempt', it.attempt],
  ['starts', it.starts],
  ['handed back', it.handed_back],
  ['answers billed', it.billed],
  ['enqueued', it.enqueued_at],
  ['begins', it.queue_state === 'scheduled' ? it.run_at : null],
  ['started', it.started_at],
  ['next try', it.next_try],
  ['deadline', it.deadline_at],
  ['settled', it.settled_at],
  ['pushed', it.pushed_at],
  ['worker', it.worker_id],
  ['held since', it.locked_at],
  ['its worker’s beat', it.heartbeat_at],
  ['stands behind others', it.stands_behind ? 'yes' : null],
  ['kept as a dead letter', it.is_dead_letter ? 'yes' : null],
]

const shown = (value: Exclude<Value, null>): string =>
  value instanceof Date ? toSecond(value) : String(value)

function sayTable(say: OpsDeps['say'], rows: readonly (readonly (string | number)[])[]): void {
  const texts = rows.map((row) => row.map(String))
  const widths = texts[0]?.map((_, column) =>
    Math.max(...texts.map((row) => row[column]?.length ?? 0)),
  )
  for (const row of texts) {
    say(
      row
        .map((text, column) => text.padEnd(widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
}
