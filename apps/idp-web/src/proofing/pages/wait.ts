import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import { refreshControls, refreshTag } from '../../pages/refreshing.ts'
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
  const refreshing = {
    path: '/verify/wait',
    id: 'wait-check-again',
    refreshes: data.refreshes,
    words: waiting,
  }
  const content = html`<p class="lead">${lead}</p>
          ${progress(view, data)}
          <p>${waiting.duration(data.maximumSeconds)}</p>
          ${withScripts(view)}
          ${refreshControls(refreshing)}
          <div class="actions">
            ${postForm(view, { action: '/verify/cancel', content: html`<button class="usa-button usa-button--outline">${waiting.stop}</button>` })}
          </div>`
  return layout(view, {
    title,
    step: stepOf(data.check),
    scripts: ['wait'],
    head: refreshTag(refreshing, refreshSeconds),
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
