import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { Check, RecordCheck } from '../answer.ts'
import type { WaitingPartner } from '../waiting-partner.ts'
import { againAt, changeLink, notice, otherWay, stepOf } from './result-parts.ts'

interface Limited {
  readonly check: Check
  /** Milliseconds since the epoch. */
  readonly retryAt: number
  /** That time has come. */
  readonly isOver: boolean
  readonly partner: WaitingPartner | undefined
}

/** Too many tries: says when the next one opens, and once it is open, leads to it. */
export function limitedPage(view: View, { check, retryAt, isOver, partner }: Limited): Html {
  const { limited } = view.texts.results
  return layout(view, {
    title: isOver ? limited.over.title : limited.title,
    step: stepOf(check),
    scripts: isOver ? [] : ['local-time'],
    content: html`${isOver ? wayOn(view, check) : untilThen(view, retryAt)}
          ${otherWay(view, partner)}`,
  })
}

/** When that is, in the person's own time where scripts run. */
function untilThen(view: View, retryAt: number): Html {
  const { limited } = view.texts.results
  return html`${notice('warning', html`<p>${limited.text}</p>`)}
          <h2>${limited.againTitle}</h2>
          <p>${againAt(view, retryAt)}</p>
          <p>${limited.note}</p>`
}

function wayOn(view: View, check: Check): Html {
  const { results } = view.texts
  return html`${notice('info', html`<p>${results.limited.over.text}</p>`)}
          ${check === 'document-proofing' ? photosAgain(view) : checkAgain(view, check)}`
}

function photosAgain({ texts }: View): Html {
  return html`<div class="actions">
            <a class="usa-button" href="/verify/document/photos">${texts.documentRead.refused.photosAgain}</a>
          </div>`
}

function checkAgain(view: View, check: RecordCheck): Html {
  const { results } = view.texts
  const change = changeLink(view, check)
  return html`<p>${results.nothingToType}</p>
          <div class="actions">
            ${postForm(view, {
              action: '/verify/retry',
              content: html`<button class="usa-button">${results.tryAgain}</button>`,
            })}
            <a class="usa-link" href="${change.href}">${change.label}</a>
          </div>`
}
