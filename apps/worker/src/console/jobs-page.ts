import { type Html, html } from '@anteroom/html'
import { type JobState, jobStates, type ListedJobs, writePlace } from '@anteroom/operations'
import type { ConsolePage, View } from './layout.ts'
import { choice, entry, jobLink, moment, none, paging, table } from './show.ts'

export interface AskedJobs {
  readonly state: JobState
  readonly task: string | undefined
  /** What was given for one, and is none. */
  readonly id: string
  readonly tasks: readonly string[]
  /** Where the page before this one ended. */
  readonly after: string | undefined
  readonly listed: ListedJobs
}

/** The jobs in one state. */
export function jobsPage(
  { state, task, id, tasks, after, listed }: AskedJobs,
  view: View,
): ConsolePage {
  const { jobs, next } = listed
  const rows = jobs.map((it) => [
    jobLink(it.job_id),
    it.job,
    moment(it.at, view),
    it.attempt,
    why(it.reason, it.code),
    it.worker_id === null ? none : html`<span class="plain">${it.worker_id}</span>`,
    moment(it.deadline_at, view),
  ])
  const head = ['Id', 'Job', moments[state], 'Attempt', 'Reason, code', 'Worker', 'Deadline']
  const content = html`<form class="asked" method="get" action="/console/jobs">
        ${choice({ name: 'state', label: 'State' }, jobStates, state)}
        ${choice({ name: 'task', label: 'Job', all: 'all jobs' }, tasks, task)}
        ${entry({ name: 'id', label: 'Or one by its id' }, id)}
        <button class="button">Show</button>
      </form>
      ${id !== '' && html`<p class="problem" role="alert">A job’s id has 43 letters, digits, hyphens and underscores.</p>`}
      ${jobs.length === 0 ? html`<p>There are none.</p>` : table({ caption: 'Jobs in this state', head, rows, numbers: [3] })}
      ${paging({ path: '/console/jobs', question: { state, task }, after, next: next && writePlace(next) })}`
  return { title: `Jobs, ${state}`, content }
}

const moments = {
  ready: 'Ready since',
  running: 'Taken',
  scheduled: 'Begins',
  failed: 'Failed',
  done: 'Done',
} satisfies Record<JobState, string>

function why(reason: string | null, code: string | null): Html {
  if (reason === null && code === null) return none
  return html`${[reason, code].filter((word) => word !== null).join(', ')}`
}
