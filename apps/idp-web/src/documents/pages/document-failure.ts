import { type FailureReason, jobs } from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { Answer } from '../../proofing/answer.ts'
import type { UsesLeft } from '../../proofing/attempts.ts'
import { notice, otherWay, triesNote } from '../../proofing/pages/result-parts.ts'
import type { WaitingPartner } from '../../proofing/waiting-partner.ts'
import type { Texts } from '../../texts/index.ts'

export interface DocumentFailure {
  readonly answer: Extract<Answer, { kind: 'failed' | 'expired-unread' }>
  readonly tries: UsesLeft
  /** The photos are still there. */
  readonly canRepeat: boolean
  readonly partner: WaitingPartner | undefined
}

type Words = keyof Texts['documentRead']['failures']

/** No answer about the photos. Where they are still there, they go again at the press of a button. */
export function documentFailurePage(
  view: View,
  { answer, tries, canRepeat, partner }: DocumentFailure,
): Html {
  const { documentRead, results } = view.texts
  const words = wordsFor(answer)
  const { title, text } = wordsOf(documentRead.failures, words)
  const repeats = canRepeat && tries.left > 0
  const isGone = !canRepeat && tries.left > 0 && usesNoTry(words)
  const content = html`${notice(wasStopped(words) ? 'info' : 'warning', html`<p>${text}</p>`)}
          <p>${usesNoTry(words) && html`${results.notUsed} `}<strong>${triesNote(view, tries)}</strong></p>
          ${repeats && html`<p>${documentRead.photosStillHere}</p>`}${isGone && html`<p>${documentRead.photosGone}</p>`}
          <div class="actions">
            ${repeats && postForm(view, { action: '/verify/retry', content: html`<button class="usa-button">${results.tryAgain}</button>` })}
            ${tries.left > 0 && html`<a class="${repeats ? 'usa-link' : 'usa-button'}" href="/verify/document/photos">${documentRead.refused.photosAgain}</a>`}
          </div>
          ${otherWay(view, partner)}`
  return layout(view, { title, step: 'document', scripts: ['local-time'], content })
}

function wordsFor(answer: DocumentFailure['answer']): Words {
  if (answer.kind === 'expired-unread') return 'expiredUnread'
  return wordsForReason(answer.reason, answer.begun ?? false)
}

function wordsForReason(reason: FailureReason, begun: boolean): Words {
  switch (reason) {
    case 'timed-out':
      return 'timedOut'
    case 'vendor-unavailable':
      return 'trouble'
    case 'cancelled':
      return begun ? 'stoppedLate' : 'cancelled'
    case 'unreadable':
    case 'internal':
      return 'internal'
    case 'rejected-input':
      return 'rejected'
  }
}

function wordsOf(failures: Texts['documentRead']['failures'], words: Words) {
  const { deadlineSeconds, outcomeSeconds } = jobs.documentProofing
  const { title, text } = failures[words]
  if (typeof text === 'string') return { title, text }
  return { title, text: text(words === 'timedOut' ? deadlineSeconds : outcomeSeconds) }
}

function wasStopped(words: Words): boolean {
  return words === 'cancelled' || words === 'stoppedLate'
}

/** Whether it is certain that this took none of the person's tries. */
function usesNoTry(words: Words): boolean {
  return !['expiredUnread', 'stoppedLate', 'rejected'].includes(words)
}
