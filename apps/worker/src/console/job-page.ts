import { type Html, html } from '@anteroom/html'
import type { JobAction, JobCall, JobFacts } from '@anteroom/operations'
import type { ConsolePage, View } from './layout.ts'
import { facts, moment, none, table } from './show.ts'

/** What is known of one job, and what may be done to it. */
export function jobPage(job: JobFacts, calls: readonly JobCall[], view: View): ConsolePage {
  const content = html`${facts([
    ['Id', html`<span class="plain">${job.job_id}</span>`],
    ['State', stateOf(job)],
    ['Reason', job.reason],
    ['Code of the last failure', job.code],
    ['Stands behind', job.stands_behind ? 'others of its stream, which come first' : null],
  ])}
      ${actions(job)}
      <h2>Times</h2>
      ${times(job, view)}
      <h2>Attempts</h2>
      ${attempts(job, view)}
      <h2>Vendors that were asked</h2>
      ${vendorCalls(calls, view)}`
  return { title: job.job, content }
}

function times(job: JobFacts, view: View): Html {
  const at = (value: Date | null): Html | null => (value === null ? null : moment(value, view))
  return facts([
    ['Enqueued', at(job.enqueued_at)],
    ['Begins', job.queue_state === 'scheduled' ? at(job.run_at) : null],
    ['Ready since', job.queue_state === 'ready' ? at(job.run_at) : null],
    ['Last start', at(job.started_at)],
    ['Next try', at(job.next_try)],
    ['Deadline', at(job.deadline_at)],
    ['Ended', at(job.settled_at)],
    ['Answer pushed', job.settled_at === null ? null : (at(job.pushed_at) ?? 'not yet')],
  ])
}

function attempts(job: JobFacts, view: View): Html {
  return facts([
    ['Attempts', job.attempt ?? 0],
    ['Starts, crashes included', job.starts ?? 0],
    ['Handed back by a shutdown', job.handed_back ?? 0],
    ['Answers that may be billed', job.billed ?? 0],
    ['Held by', job.worker_id === null ? null : html`<span class="plain">${job.worker_id}</span>`],
    ['Held since', job.locked_at === null ? null : moment(job.locked_at, view)],
    ['Its worker’s last beat', beat(job, view)],
  ])
}

function beat({ worker_id: worker, heartbeat_at: at }: JobFacts, view: View): Html | string | null {
  if (worker === null) return null
  return at === null ? 'none: it has no lease' : moment(at, view)
}

function vendorCalls(calls: readonly JobCall[], view: View): Html {
  if (calls.length === 0) return html`<p>None.</p>`
  const rows = calls.map(({ vendor, asked_at: asked, answered_at: answered }) => [
    vendor,
    moment(asked, view),
    answered === null
      ? html`<span class="bad">nobody saw an answer</span>`
      : moment(answered, view),
    answered === null ? none : `${((answered.getTime() - asked.getTime()) / 1000).toFixed(2)} s`,
  ])
  const head = ['Vendor', 'Asked', 'Answered', 'Took']
  return table({ caption: 'Questions to vendors', head, rows, numbers: [3] })
}

function stateOf({ state, queue_state: queued }: JobFacts): string {
  const ledger = {
    running: 'begun, and not ended',
    waiting: 'waits for another try',
    done: 'done',
    failed: 'failed',
    none: 'no worker has begun it',
  }[state ?? 'none']
  if (queued === null) return `${ledger}; not in the queue`
  const queue = {
    ready: 'ready in the queue',
    running: 'held by a worker',
    scheduled: 'put off in the queue',
    spent: 'in the queue, which gives it no more starts',
  }[queued]
  return `${ledger}; ${queue}`
}

/** Only what may have an effect; the database decides. */
function actions(job: JobFacts): Html {
  const { queue_state: queued, state } = job
  const isOpen = state !== 'done' && state !== 'failed'
  const offered: (readonly [JobAction, string])[] = []
  if (queued === 'scheduled' || queued === 'spent') offered.push(['retry', 'Retry now'])
  if (queued === 'running') offered.push(['release', 'Release'])
  if (isOpen && queued !== 'running') offered.push(['discard', 'Discard'])
  const letter = html`<a class="button quiet" href="/console/dead?id=${encodeURIComponent(job.job_id)}">Its dead letter</a>`
  if (offered.length === 0 && !job.is_dead_letter) return html``
  return html`<p class="actions">
        ${offered.map(
          ([action, name]) =>
            html`<a class="button${action === 'discard' && ' danger'}" href="/console/jobs/${encodeURIComponent(job.job_id)}/${action}">${name}</a>`,
        )}
        ${job.is_dead_letter && letter}
      </p>`
}
