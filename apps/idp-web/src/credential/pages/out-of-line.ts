import type { FailureReason } from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import type { Standing } from '../../line/standing.ts'
import { postForm } from '../../pages/form-parts.ts'
import { notice, otherWay, soonAt } from '../../proofing/pages/result-parts.ts'
import type { Texts } from '../../texts/index.ts'
import { fetchMinutes, placeKeptMinutes } from '../kept-minutes.ts'

type In<S extends Standing['state']> = Extract<Standing, { state: S }>

/** The person left by their own wish: a button takes them back, as long as their place is kept. */
export function leftPage(view: View, { backUntil }: In<'left'>): Html {
  const { left } = view.texts.credential
  const content = html`${notice('info', html`<p>${left.text}</p>`)}
          <h2>${left.keptTitle}</h2>
          <p>${soonAt(view, left.kept, backUntil)}</p>
          <div class="actions">
            ${postForm(view, { action: '/credential/line/return', content: html`<button class="usa-button">${left.comeBack}</button>` })}
          </div>`
  return layout(view, { title: left.title, scripts: ['local-time'], content })
}

/** The place is no longer this session's. */
export function gonePage(view: View, { why }: In<'gone'>): Html {
  const { lapsed, moved } = view.texts.credential.gone
  if (why === 'moved') {
    const content = html`${notice('info', html`<p>${moved.text}</p>`)}
          <p>${moved.next}</p>
          <div class="actions"><a class="usa-link" href="/other-ways">${moved.help}</a></div>`
    return layout(view, { title: moved.title, content })
  }
  const content = html`${notice('warning', html`<p>${lapsed.text(placeKeptMinutes)}</p>`)}
          <p>${lapsed.next}</p>
          ${joinAgain(view, lapsed.join)}`
  return layout(view, { title: lapsed.title, content })
}

/** The credential could not be made. */
export function failedPage(view: View, { reason, keepsPlace }: In<'failed'>): Html {
  const { failed } = view.texts.credential
  const { title, text } = failed[wordsFor(reason)]
  const content = html`${notice('warning', html`<p>${text}</p>`)}
          ${keepsPlace && html`<p><strong>${failed.keepsPlace}</strong></p>`}
          ${joinAgain(view, failed.again)}
          ${otherWay(view)}`
  return layout(view, { title, content })
}

/** It was made, and is not kept any more. Another one is made for who is verified again. */
export function expiredPage(view: View): Html {
  const { title } = view.texts.credential.expired
  return layout(view, { title, content: expiredWords(view.texts) })
}

export function expiredWords({ credential }: Texts): Html {
  const { expired } = credential
  return html`${notice('info', html`<p>${expired.text(fetchMinutes)}</p>`)}
          <p>${expired.next}</p>
          <div class="actions"><a class="usa-button" href="/verify/check">${expired.again}</a></div>`
}

function joinAgain(view: View, label: string): Html {
  return html`<div class="actions">
            ${postForm(view, { action: '/credential/request', content: html`<button class="usa-button">${label}</button>` })}
          </div>`
}

function wordsFor(reason: FailureReason): 'timedOut' | 'busy' | 'rejected' | 'internal' {
  switch (reason) {
    case 'timed-out':
      return 'timedOut'
    case 'vendor-unavailable':
      return 'busy'
    case 'rejected-input':
      return 'rejected'
    case 'unreadable':
    case 'cancelled':
    case 'internal':
      return 'internal'
  }
}
