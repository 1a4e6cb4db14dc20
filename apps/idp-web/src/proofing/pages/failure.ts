import { jobs } from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { Texts } from '../../texts/index.ts'
import type { Check } from '../answer.ts'
import { changeLink, notice, otherWay, stepOf } from './result-parts.ts'

type FailureWords = 'timedOut' | 'vendorTrouble' | 'expiredUnread' | 'cancelled' | 'internal'

interface Failure {
  readonly check: Check
  readonly triesLeft: number
  readonly words: FailureWords
}

const contracts = {
  'resolution-proofing': jobs.resolutionProofing,
  'address-proofing': jobs.addressProofing,
} satisfies Record<Check, unknown>

/** No answer, and not for anything the person did. The same answers go again at the press of a button. */
export function failurePage(view: View, { check, triesLeft, words }: Failure): Html {
  const { results } = view.texts
  const change = changeLink(view, check)
  const content = html`${notice(words === 'cancelled' ? 'info' : 'warning', html`<p>${textOf(results, { check, words })}</p>`)}
          <p>${words !== 'expiredUnread' && html`${results.notUsed} `}<strong>${results.tries(triesLeft)}</strong></p>
          ${triesLeft > 0 && html`<p>${results.nothingToType}</p>`}
          <div class="actions">
            ${
              triesLeft > 0 &&
              postForm(view, {
                action: '/verify/retry',
                content: html`<button class="usa-button">${results.tryAgain}</button>`,
              })
            }
            <a class="usa-link" href="${change.href}">${change.label}</a>
          </div>
          ${otherWay(view.texts)}`
  return layout(view, { title: results[words].title, step: stepOf(check), content })
}

function textOf(results: Texts['results'], { check, words }: Omit<Failure, 'triesLeft'>): string {
  const { deadlineSeconds, outcomeSeconds } = contracts[check]
  switch (words) {
    case 'timedOut':
      return results.timedOut.text(deadlineSeconds)
    case 'expiredUnread':
      return results.expiredUnread.text(outcomeSeconds)
    case 'vendorTrouble':
    case 'cancelled':
    case 'internal':
      return results[words].text
  }
}
