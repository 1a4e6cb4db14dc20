import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import type { Line } from '../../line/line.ts'
import { postForm } from '../../pages/form-parts.ts'
import { fetchMinutes, placeKeptMinutes } from '../kept-minutes.ts'
import { roundedWait } from '../rounded-wait.ts'
import { operatorNotice } from './operator-notice.ts'

export type Overview = Awaited<ReturnType<Line['overview']>>

/** What a credential is, and what joining the line for it means. @param action Where the request goes. */
export function credentialStartPage(
  view: View,
  { inLine, wait, paused, message }: Overview,
  action = '/credential/request',
): Html {
  const { credential, lineWords } = view.texts
  const { start } = credential
  const content = html`<p class="lead">${start.lead}</p>
          ${operatorNotice(message)}
          <h2>${start.nowTitle}</h2>
          <p>${start.inLine(inLine)} ${paused ? lineWords.paused(paused) : lineWords.wait(wait && roundedWait(wait))}</p>
          <div class="actions">
            ${postForm(view, { action, content: html`<button class="usa-button">${start.join}</button>` })}
          </div>
          <h2>${start.howTitle}</h2>
          <ol class="usa-process-list">
            ${start.how(placeKeptMinutes, fetchMinutes).map(
              ({ title, text }) => html`<li class="usa-process-list__item">
              <h3 class="usa-process-list__heading">${title}</h3>
              <p>${text}</p>
            </li>`,
            )}
          </ol>
          <h2>${start.saysTitle}</h2>
          <p>${start.says}</p>`
  return layout(view, { title: start.title, content })
}
