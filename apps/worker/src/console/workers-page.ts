import { type Html, html } from '@anteroom/html'
import { type WorkerFigures, workerLife } from '@anteroom/operations'
import type { ConsolePage, View } from './layout.ts'
import { count, moment, none, table } from './show.ts'

/** Who is at work, by their leases. */
export function workersPage(workers: readonly WorkerFigures[], view: View): ConsolePage {
  const rows = workers.map((it) => [
    html`<span class="plain">${it.worker_id}</span>`,
    life(it.heartbeat_age_seconds),
    it.heartbeat_age_seconds === null ? none : `${it.heartbeat_age_seconds.toFixed(1)} s ago`,
    count(it.jobs),
    moment(it.oldest_locked_at, view),
  ])
  const head = ['Worker', 'Lease', 'Last beat', 'Jobs it holds', 'Oldest of them taken']
  const content = html`<p>A worker beats each second. The others free the jobs of one whose connection has ended, or that has not beaten for 10 seconds; while none of them can, <a href="/console/jobs?state=running">a running job</a> may be released by hand.</p>
      ${workers.length === 0 ? html`<p>There are none.</p>` : table({ caption: 'Workers and their leases', head, rows, numbers: [2, 3] })}`
  return { title: 'Workers', content }
}

function life(ageSeconds: number | null): Html {
  const word = workerLife(ageSeconds)
  return word === 'at work' ? html`${word}` : html`<span class="bad">${word}</span>`
}
