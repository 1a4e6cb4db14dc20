import type { FailureReason } from '@anteroom/job-contracts'
import type { Html } from '../../html.ts'
import type { View } from '../../layout.ts'
import type { Answer, Check } from '../answer.ts'
import type { UsesLeft } from '../attempts.ts'
import { failurePage } from './failure.ts'
import { limitedPage } from './limited.ts'
import { notVerifiedPage } from './not-verified.ts'
import { verifiedPage } from './verified.ts'

export interface ResultData {
  readonly answer: Answer
  /** How often the person may still ask for this check. */
  readonly tries: UsesLeft
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** The page for each end a check can have. */
export function resultPage(view: View, { answer, tries, now }: ResultData): Html {
  const { check } = answer
  switch (answer.kind) {
    case 'verified':
      return verifiedPage(view, check)
    case 'not-verified':
      return notVerifiedPage(view, { check, tries })
    case 'limited':
      return limitedPage(view, { ...answer, isOver: now >= answer.retryAt })
    case 'expired-unread':
      return failurePage(view, { check, tries, words: 'expiredUnread' })
    case 'failed':
      return failedPage(view, { check, tries, reason: answer.reason, begun: answer.begun ?? false })
  }
}

interface Failed {
  readonly check: Check
  readonly tries: UsesLeft
  readonly reason: FailureReason
  readonly begun: boolean
}

function failedPage(view: View, { check, tries, reason, begun }: Failed): Html {
  switch (reason) {
    case 'timed-out':
      return failurePage(view, { check, tries, words: 'timedOut' })
    case 'vendor-unavailable':
      return failurePage(view, { check, tries, words: 'vendorTrouble' })
    case 'cancelled':
      return failurePage(view, { check, tries, words: begun ? 'stoppedLate' : 'cancelled' })
    case 'unreadable':
    case 'internal':
      return failurePage(view, { check, tries, words: 'internal' })
    case 'rejected-input':
      return notVerifiedPage(view, { check, tries, isRejected: true })
  }
}
