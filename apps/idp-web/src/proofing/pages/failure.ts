import { jobs } from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { Texts } from '../../texts/index.ts'
import type { RecordCheck } from '../answer.ts'
import type { UsesLeft } from '../attempts.ts'
import type { WaitingPartner } from '../waiting-partner.ts'
import { changeLink, notice, otherWay, stepOf, triesNote } from './result-parts.ts'

type FailureWords =
  | 'timedOut'
  | 'vendorTrouble'
  | 'expiredUnread'
  | 'cancelled'
  | 'stoppedLate'
  | 'internal'

interface Failure {
  readonly check: RecordCheck
  readonly tries: UsesLeft
  readonly words: FailureWords
  readonly partner: WaitingPartner | undefined
}

const contracts = {
  'resolution-proofing': jobs.resolutionProofing,
  'address-proofing': jobs.addressProofing,
} satisfies Record<RecordCheck, unknown>

/** No answer, and not for anything the person did. The same answers go again at the press of a button. */
export function failurePage(view: View, { check, tries, words, partner }: Failure): Html {
  const { results } = view.texts
  const change = changeLink(view, check)
  const content = html`${notice(wasStopped(words) ? 'info' : 'warning', html`<p>${textOf(results, { check, words })}</p>`)}
          <p>${usesNoTry(words) && html`${results.notUsed} `}<strong>${triesNote(view, tries)}</strong></p>
          ${tries.left > 0 && html`<p>${results.nothingToType}</p>`}
          <div class="actions">
            ${
              tries.left > 0 &&
              postForm(view, {
                action: '/verify/retry',
                content: html`<button class="usa-button">${results.tryAgain}</button>`,
              })
            }
            <a class="usa-link" href="${change.href}">${change.label}</a>
          </div>
          ${otherWay(view, partner)}`
  return layout(view, {
    title: results[words].title,
    step: stepOf(check),
    scripts: ['local-time'],
    content,
  })
}

function wasStopped(words: FailureWords): boolean {
  return words === 'cancelled' || words === 'stoppedLate'
}

/** Whether it is certain that this took none of the person's tries. */
function usesNoTry(words: FailureWords): boolean {
  return words !== 'expiredUnread' && words !== 'stoppedLate'
}

function textOf(
  results: Texts['results'],
  { check, words }: Pick<Failure, 'check' | 'words'>,
): string {
  const { deadlineSeconds, outcomeSeconds } = contracts[check]
  switch (words) {
    case 'timedOut':
      return results.timedOut.text(deadlineSeconds)
    case 'expiredUnread':
      return results.expiredUnread.text(outcomeSeconds)
    case 'vendorTrouble':
    case 'cancelled':
    case 'stoppedLate':
    case 'internal':
      return results[words].text
  }
}
