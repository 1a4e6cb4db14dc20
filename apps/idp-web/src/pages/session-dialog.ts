import { type Html, html } from '../html.ts'
import type { View } from '../layout.ts'
import { postForm } from './form-parts.ts'

/** The warning before a session ends. It opens by script alone; the footer tells everyone about the limit. */
export function sessionDialog(view: View, session: NonNullable<View['session']>): Html {
  const words = view.texts.frame.sessionWarning
  return html`<dialog class="session-dialog" id="session-warning" aria-labelledby="session-warning-title" aria-describedby="session-warning-text"
      data-idle-seconds="${session.idleSeconds}" data-absolute-seconds-left="${session.absoluteSecondsLeft}"
      data-two-minutes="${words.left.twoMinutes}" data-one-minute="${words.left.oneMinute}" data-half-minute="${words.left.halfMinute}"
      data-failed="${words.failed}">
      <h2 id="session-warning-title">${words.title}</h2>
      <div id="session-warning-text">
        <p data-reason="idle">${words.idle}</p>
        <p data-reason="absolute" hidden>${words.absolute}</p>
      </div>
      <p role="status" data-time-left></p>
      <p role="alert" data-trouble></p>
      <div class="actions">
        ${postForm(view, { action: '/session/extend', id: 'session-stay', content: html`<button class="usa-button">${words.stay}</button>` })}
        <form method="dialog" id="session-close" hidden><button class="usa-button">${words.close}</button></form>
        ${postForm(view, { action: '/session/end', content: html`<button class="usa-button usa-button--unstyled">${words.leave}</button>` })}
      </div>
    </dialog>`
}
