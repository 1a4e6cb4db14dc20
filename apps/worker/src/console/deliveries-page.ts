import { html } from '@anteroom/html'
import type { Delivery } from '@anteroom/operations'
import type { ConsolePage, View } from './layout.ts'
import { count, moment, table } from './show.ts'

/** What partners are told of accounts. */
export function deliveriesPage(partners: readonly Delivery[], view: View): ConsolePage {
  const rows = partners.map((it) => [
    it.partner,
    count(it.held),
    count(it.queued),
    moment(it.oldest_queued_at, view),
    count(it.delivered_lately),
    count(it.dead_lately),
    moment(it.last_delivered_at, view),
    it.dead_letters === 0
      ? count(0)
      : html`<a href="/console/dead?partner=${encodeURIComponent(it.partner)}">${it.dead_letters}</a>`,
  ])
  const head = [
    ...['Partner', 'Held', 'Queued', 'Oldest queued', 'Delivered', 'Not delivered'],
    ...['Last delivered', 'Dead letters'],
  ]
  const content = html`<p>Held: others about the same person come first, or telling is switched off. Delivered and not delivered: in the last day.</p>
      ${partners.length === 0 ? html`<p>No partner has been told anything.</p>` : table({ caption: 'Security events by partner', head, rows, numbers: [1, 2, 4, 5, 7] })}`
  return { title: 'Partners', content }
}
