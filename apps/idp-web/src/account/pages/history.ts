import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { localTime } from '../../pages/local-time.ts'
import type { HappenedEvent } from '../account-events.ts'
import { accountLayout } from './account-layout.ts'
import { clientLabel } from './client-label.ts'

export interface HistoryData {
  readonly events: readonly HappenedEvent[]
  /** How far it goes back. */
  readonly days: number
}

export function historyPage(view: View, { events, days }: HistoryData): Html {
  const { history } = view.texts.account
  const list = html`<ol class="account-list">${events.map((event) => item(view, event))}</ol>`
  const content = html`<p class="lead">${history.lead(days)}</p>
          ${events.length > 0 ? list : html`<p>${history.none}</p>`}`
  return accountLayout(view, { title: history.title, scripts: ['local-time'], content })
}

function item(view: View, happened: HappenedEvent): Html {
  const { history } = view.texts.account
  return html`<li class="account-list__item">
              <p class="account-list__what">${history.events[happened.event]}</p>
              <p>${localTime(view, happened.at)}<br>${clientLabel(view.texts, happened)}</p>
            </li>`
}
