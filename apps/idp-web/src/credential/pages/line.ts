import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import type { Standing } from '../../line/standing.ts'
import { postForm } from '../../pages/form-parts.ts'
import { refreshControls, refreshTag } from '../../pages/refreshing.ts'
import { placeKeptMinutes } from '../kept-minutes.ts'
import { roundedWait } from '../rounded-wait.ts'

export type InLine = Extract<Standing, { state: 'waiting' | 'called' }>

export interface LineData {
  readonly standing: InLine
  /** People in front when this person first saw their place. */
  readonly aheadAtStart: number
  /** Whether a browser without scripts loads the page again by itself. Left out: it does, and cannot be told not to. */
  readonly refreshes?: boolean
}

const refreshSeconds = 20

/** The line as one person sees it. A script keeps it true; without one it is loaded anew. */
export function linePage(view: View, data: LineData): Html {
  const { line } = view.texts.credential
  const { standing } = data
  const refreshing = {
    path: '/credential/line',
    id: 'line-check-again',
    refreshes: data.refreshes,
    words: line,
  }
  const isCalled = standing.state === 'called'
  const content = html`<div id="line-waiting"${isCalled && html` hidden`}><p class="lead">${line.waiting.lead}</p></div>
          <div id="line-called"${!isCalled && html` hidden`}><p class="lead">${line.called.lead}</p></div>
          ${message(standing.state === 'waiting' ? standing.message : undefined)}
          ${place(view, data)}
          ${forScripts(view)}
          ${refreshControls(refreshing)}
          <div id="line-rules"${isCalled && html` hidden`}>
            <h2>${line.keepTitle}</h2>
            <ul class="usa-list">${line.keep(placeKeptMinutes).map((item) => html`<li>${item}</li>`)}</ul>
            <div class="actions">
              ${postForm(view, { action: '/credential/line/leave', id: 'line-leave', content: html`<button class="usa-button usa-button--outline">${line.leave}</button>` })}
            </div>
          </div>`
  return layout(view, {
    title: line[standing.state].title,
    scripts: ['line'],
    head: refreshTag(refreshing, refreshSeconds),
    keepsVisit: line.footer(Math.round((view.session?.idleSeconds ?? 0) / 60)),
    content,
  })
}

/** There also while it says nothing: the script may have something to put in it. */
function message(text: string | undefined): Html {
  return html`<div class="usa-alert usa-alert--info line__notice" id="line-message"${text === undefined && html` hidden`}>
            <div class="usa-alert__body"><p class="usa-alert__text">${text}</p></div>
          </div>`
}

/** Where the person stands: in words, and as a bar that fills as those in front of them go. */
function place({ texts }: View, { standing, aheadAtStart }: LineData): Html {
  const { lineWords, credential } = texts
  const ahead = standing.state === 'waiting' ? standing.ahead : 0
  const max = Math.max(aheadAtStart, ahead) + 1
  const value = standing.state === 'waiting' ? max - 1 - ahead : max
  const bar = html`<progress class="line__progress" id="line-progress" aria-label="${credential.line.progress}" max="${max}" value="${value}"></progress>`
  if (standing.state === 'called') {
    return html`<div id="line-place" hidden>${placeWords('', '')}</div>
          ${bar}
          ${pausedNotice(undefined)}`
  }
  const { paused, wait } = standing
  return html`<div id="line-place">${placeWords(lineWords.ahead(ahead), paused === undefined ? lineWords.wait(wait && roundedWait(wait)) : '')}</div>
          ${bar}
          ${pausedNotice(paused === undefined ? undefined : lineWords.paused(paused))}`
}

function placeWords(ahead: string, wait: string): Html {
  return html`<p class="line__ahead" id="line-ahead">${ahead}</p><p class="line__wait" id="line-wait">${wait}</p>`
}

function pausedNotice(text: string | undefined): Html {
  return html`<div class="usa-alert usa-alert--warning line__notice" id="line-paused"${text === undefined && html` hidden`}>
            <div class="usa-alert__body"><p class="usa-alert__text">${text}</p></div>
          </div>`
}

/** The second status is for screen readers alone: they hear there what the others see change. */
function forScripts({ texts }: View): Html {
  const { line } = texts.credential
  const { unreachable, reachable, issued } = line.status
  return html`<div class="line__automatic" id="line" hidden data-unreachable="${unreachable}" data-reachable="${reachable}" data-issued="${issued}" data-waiting-title="${line.waiting.title}" data-called-title="${line.called.title}" data-issued-title="${line.issuedTitle}">
            <p>${line.byItself}</p>
            <div class="usa-checkbox line__notify">
              <input class="usa-checkbox__input" id="line-notify" name="line-notify" type="checkbox" aria-describedby="line-notify-hint">
              <label class="usa-checkbox__label" for="line-notify">${line.notify}</label>
              <span class="usa-hint line__hint" id="line-notify-hint">${line.notifyHint}</span>
            </div>
          </div>
          <p class="wait__status" id="line-status" role="status"></p>
          <p class="usa-sr-only" id="line-news" role="status"></p>
          <div class="actions" id="line-continue" hidden><a class="usa-button" href="/credential">${line.continue}</a></div>`
}
