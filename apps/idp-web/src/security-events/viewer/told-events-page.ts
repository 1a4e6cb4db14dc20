import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { localTime } from '../../pages/local-time.ts'
import type { ToldEvent } from './latest-events.ts'

export function toldEventsPage(view: View, events: readonly ToldEvent[]): Html {
  const { toldEvents: words } = view.texts
  const list = html`<ol class="account-list" id="told-events">${events.map((event) => item(view, event))}</ol>`
  const content = html`<p class="lead">${words.lead}</p>
          ${events.length > 0 ? list : html`<p>${words.none}</p>`}`
  return layout(view, { title: words.title, scripts: ['local-time'], content })
}

function item(view: View, event: ToldEvent): Html {
  const { toldEvents: words } = view.texts
  return html`<li class="account-list__item">
              <h2 class="account-list__name">${event.event}</h2>
              <p>${words.standing(event)}<br>${localTime(view, event.happened_at.getTime())}<br><code>${event.jti}</code></p>
            </li>`
}
