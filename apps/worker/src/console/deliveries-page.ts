import { type Html, html } from '@anteroom/html'
import type { Delivery, HeldReceiver } from '@anteroom/operations'
import type { ConsolePage, View } from './layout.ts'
import { count, moment, table } from './show.ts'

interface Partners {
  readonly partners: readonly Delivery[]
  readonly held: readonly HeldReceiver[]
}

/** What partners are told of accounts, and who is told nothing for now. */
export function deliveriesPage({ partners, held }: Partners, view: View): ConsolePage {
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
      ${partners.length === 0 ? html`<p>No partner has been told anything.</p>` : table({ caption: 'Security events by partner', head, rows, numbers: [1, 2, 4, 5, 7] })}
      <h2>Partners that are told nothing for now</h2>
      <p><code>pnpm ops events hold</code> and <code>events release</code> change it.</p>
      ${held.length === 0 ? html`<p>There are none.</p>` : heldTable(held, view)}`
  return { title: 'Partners', content }
}

function heldTable(held: readonly HeldReceiver[], view: View): Html {
  const rows = held.map((it) => [
    it.partner,
    moment(it.held_at, view),
    count(it.events),
    it.is_gone ? 'It answered 410' : 'By an operator',
  ])
  const head = ['Partner', 'Since', 'Held', 'Why']
  return table({ caption: 'Partners for whom events are held', head, rows, numbers: [2] })
}
