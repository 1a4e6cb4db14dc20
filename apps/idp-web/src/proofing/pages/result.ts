import type { FailureReason } from '@anteroom/job-contracts'
import type { Html } from '../../html.ts'
import type { View } from '../../layout.ts'
import type { Answer, Check } from '../answer.ts'
import { failurePage } from './failure.ts'
import { limitedPage } from './limited.ts'
import { notVerifiedPage } from './not-verified.ts'
import { verifiedPage } from './verified.ts'

export interface ResultData {
  readonly answer: Answer
  /** How often the person may still ask for this check. */
  readonly triesLeft: number
}

/** The page for each end a check can have. */
export function resultPage(view: View, { answer, triesLeft }: ResultData): Html {
  const { check } = answer
  switch (answer.kind) {
    case 'verified':
      return verifiedPage(view, check)
    case 'not-verified':
      return notVerifiedPage(view, { check, triesLeft })
    case 'limited':
      return limitedPage(view, answer)
    case 'expired-unread':
      return failurePage(view, { check, triesLeft, words: 'expiredUnread' })
    case 'failed':
      return failedPage(view, { check, triesLeft, reason: answer.reason })
  }
}

interface Failed {
  readonly check: Check
  readonly triesLeft: number
  readonly reason: FailureReason
}

function failedPage(view: View, { check, triesLeft, reason }: Failed): Html {
  switch (reason) {
    case 'timed-out':
      return failurePage(view, { check, triesLeft, words: 'timedOut' })
    case 'vendor-unavailable':
      return failurePage(view, { check, triesLeft, words: 'vendorTrouble' })
    case 'cancelled':
      return failurePage(view, { check, triesLeft, words: 'cancelled' })
    case 'unreadable':
    case 'internal':
      return failurePage(view, { check, triesLeft, words: 'internal' })
    case 'rejected-input':
      return notVerifiedPage(view, { check, triesLeft, isRejected: true })
  }
}
