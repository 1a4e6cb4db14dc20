import { type Html, html } from '@anteroom/html'
import type { JobState, QueueFigures } from '@anteroom/operations'
import type { ConsolePage } from './layout.ts'
import { count, duration, none, table } from './show.ts'

/** How much of each task waits, runs, and has ended lately. */
export function queuesPage(queues: readonly QueueFigures[]): ConsolePage {
  const rows = queues.map((it) => [
    html`<a href="${listOf(it.job, 'ready')}">${it.job}</a>`,
    linked(it, 'ready', it.ready),
    oldest(it.oldest_seconds),
    linked(it, 'running', it.running),
    linked(it, 'scheduled', it.scheduled),
    linked(it, 'done', it.done_lately),
    linked(it, 'failed', it.failed_lately),
    it.dead === 0
      ? count(0)
      : html`<a href="/console/dead?job=${encodeURIComponent(it.job)}">${it.dead}</a>`,
  ])
  const head = ['Job', 'Ready', 'Oldest', 'Running', 'Scheduled', 'Done', 'Failed', 'Dead letters']
  const content = html`<p>Ready: a worker may take it now; the oldest has been so for as long as is said. Scheduled: put off until later. Done and failed: in the last hour.</p>
      ${table({ caption: 'Jobs by task and state', head, rows, numbers: [1, 2, 3, 4, 5, 6, 7] })}`
  return { title: 'Queues', content }
}

function linked({ job }: QueueFigures, state: JobState, value: number): Html {
  if (value === 0) return count(0)
  return html`<a href="${listOf(job, state)}">${value}</a>`
}

const listOf = (job: string, state: JobState): string =>
  `/console/jobs?${new URLSearchParams({ task: job, state })}`

/** Alarms ring from ten seconds. */
function oldest(seconds: number | null): Html {
  if (seconds === null) return none
  return seconds > 10
    ? html`<span class="bad">${duration(seconds)}</span>`
    : html`${duration(seconds)}`
}
