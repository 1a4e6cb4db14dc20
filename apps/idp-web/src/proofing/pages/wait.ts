import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { Check } from '../answer.ts'
import { stepOf } from './result-parts.ts'

export interface WaitData {
  readonly check: Check
  readonly elapsedSeconds: number
  readonly maximumSeconds: number
  /** Whether a browser without scripts loads the page again by itself. Left out: it does, and cannot be told not to. */
  readonly refreshes?: boolean
}

const refreshSeconds = 5

export function waitPage(view: View, data: WaitData): Html {
  const { waiting } = view.texts
  const { title, lead } = waiting.checks[data.check]
  const content = html`<p class="lead">${lead}</p>
          ${progress(view, data)}
          <p>${waiting.duration(data.maximumSeconds)}</p>
          ${withScripts(view)}
          ${withoutScripts(view, data)}
          <div class="actions">
            ${postForm(view, { action: '/verify/cancel', content: html`<button class="usa-button usa-button--outline">${waiting.stop}</button>` })}
          </div>`
  return layout(view, {
    title,
    step: stepOf(data.check),
    scripts: ['wait'],
    head:
      data.refreshes === false
        ? html``
        : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>`,
    content,
  })
}

/** How much of the longest time has passed: no promise of how much work is done. */
function progress({ texts }: View, { elapsedSeconds, maximumSeconds }: WaitData): Html {
  const { elapsed, progress: label } = texts.waiting
  const shown = Math.min(elapsedSeconds, maximumSeconds)
  return html`<progress class="wait__progress" id="wait-progress" aria-label="${label}" max="${maximumSeconds}" value="${shown}"></progress>
          <p class="wait__elapsed">${elapsed.before}<span id="wait-elapsed">${shown}</span>${elapsed.after(maximumSeconds)}</p>`
}

function withScripts({ texts }: View): Html {
  const { status, byItself, continue: label } = texts.waiting
  return html`<div id="wait" hidden data-unreachable="${status.unreachable}" data-reachable="${status.reachable}" data-finishing="${status.finishing}" data-answered="${status.answered}">
            <p>${byItself}</p>
          </div>
          <p class="wait__status" id="wait-status" role="status"></p>
          <div class="actions" id="wait-continue" hidden><a class="usa-button" href="/verify/result">${label}</a></div>`
}

/** The button is not inside `noscript`: it also serves where the script was blocked or never arrived, which hides it. */
function withoutScripts({ texts }: View, { refreshes }: WaitData): Html {
  const { waiting } = texts
  const [address, label] =
    refreshes === false
      ? ['/verify/wait', waiting.startRefresh]
      : ['/verify/wait?refresh=off', waiting.stopRefresh]
  return html`<noscript>
            <p>${refreshes === false ? waiting.noScriptStopped : waiting.noScript}</p>
            ${refreshes !== undefined && html`<p><a class="usa-link" href="${address}">${label}</a></p>`}
          </noscript>
          <div class="actions" id="wait-check-again"><a class="usa-button" href="/verify/wait${refreshes === false && '?refresh=off'}">${waiting.checkAgain}</a></div>`
}
