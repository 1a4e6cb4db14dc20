import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import { localTime } from '../../pages/local-time.ts'
import type { ListedSession } from '../account-sessions.ts'
import { accountLayout } from './account-layout.ts'
import { clientLabel } from './client-label.ts'

export interface SessionsData {
  readonly sessions: readonly ListedSession[]
  /** The one that asks. */
  readonly slot: string
  readonly idleMinutes: number
}

export function sessionsPage(view: View, { sessions, slot, idleMinutes }: SessionsData): Html {
  const words = view.texts.account.sessions
  const content = html`<p class="lead">${words.lead}</p>
          <ul class="account-list">
            ${sessions.map((session) => item(view, session, session.slot === slot))}
          </ul>
          <p>${words.note(idleMinutes)}</p>
          ${sessions.length > 1 && othersForm(view)}`
  return accountLayout(view, { title: words.title, scripts: ['local-time'], content })
}

function item(view: View, session: ListedSession, isThis: boolean): Html {
  const { sessions: words } = view.texts.account
  const label = clientLabel(view.texts, session)
  return html`<li class="account-list__item">
              <h2 class="account-list__name">${label}${isThis && html` <span class="account-list__mark">${words.thisOne}</span>`}</h2>
              <p>${around(words.signedIn, localTime(view, session.signedInAt))}<br>${around(words.used, localTime(view, session.seenAt))}</p>
              ${!isThis && endForm(view, session.slot, label)}
            </li>`
}

function endForm(view: View, slot: string, label: string): Html {
  const { end } = view.texts.account.sessions
  return postForm(view, {
    action: '/account/sessions',
    content: html`<input type="hidden" name="slot" value="${slot}">
              <button class="usa-button usa-button--outline">${end}<span class="usa-sr-only"> ${label}</span></button>`,
  })
}

function othersForm(view: View): Html {
  const { endOthers } = view.texts.account.sessions
  return html`<div class="actions">
            ${postForm(view, {
              action: '/account/sessions/others',
              content: html`<button class="usa-button">${endOthers}</button>`,
            })}
          </div>`
}

function around(sentence: (time: string) => string, time: Html): Html {
  const [before = '', after = ''] = sentence('|').split('|')
  return html`${before}${time}${after}`
}
