import { html } from '@anteroom/html'
import type { AuditEntry } from '@anteroom/operations'
import type { ConsolePage, View } from './layout.ts'
import { jobLink, moment, none, paging, table } from './show.ts'

export interface Audited {
  /** One more than is shown tells whether there are more. */
  readonly entries: readonly AuditEntry[]
  readonly atMost: number
  readonly after: string | undefined
}

/** Who did what, newest first. */
export function auditPage({ entries, atMost, after }: Audited, view: View): ConsolePage {
  const shown = entries.slice(0, atMost)
  const next = entries.length > atMost ? shown.at(-1)?.id : undefined
  const rows = shown.map((it) => [
    moment(it.at, view),
    it.actor,
    it.command,
    html`<span class="plain">${JSON.stringify(it.arguments)}</span>`,
    it.job_id === null ? none : jobLink(it.job_id),
  ])
  const head = ['When', 'Who', 'Command', 'With', 'Job that does it']
  const content = html`${shown.length === 0 ? html`<p>There are none.</p>` : table({ caption: 'Commands of operators', head, rows })}
      ${paging({ path: '/console/audit', question: {}, after, next })}`
  return { title: 'Audit', content }
}
