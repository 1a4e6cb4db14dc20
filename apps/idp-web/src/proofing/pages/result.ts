import type { DocumentProblem, DocumentType, FailureReason } from '@anteroom/job-contracts'
import { documentFailurePage } from '../../documents/pages/document-failure.ts'
import { refusedPage } from '../../documents/pages/refused.ts'
import type { Html } from '../../html.ts'
import type { View } from '../../layout.ts'
import type { Answer, RecordCheck } from '../answer.ts'
import type { UsesLeft } from '../attempts.ts'
import { failurePage } from './failure.ts'
import { limitedPage } from './limited.ts'
import { notVerifiedPage } from './not-verified.ts'
import { type Beyond, verifiedPage } from './verified.ts'

export interface ResultData {
  readonly answer: OpenedAnswer
  /** How often the person may still ask for this check. */
  readonly tries: UsesLeft
  /** What the check was about is still there. */
  readonly canRepeat: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
  /** For whoever is verified. */
  readonly beyond?: Beyond
}

/** An answer as its page needs it; what was read has a page of its own. */
export type OpenedAnswer =
  | Exclude<Answer, { kind: 'read' | 'refused' }>
  | {
      readonly kind: 'refused'
      readonly documentType: DocumentType
      readonly problems: readonly DocumentProblem[]
    }

/** The page for each end a check can have. */
export function resultPage(view: View, data: ResultData): Html {
  const { answer, tries, canRepeat, now } = data
  switch (answer.kind) {
    case 'verified':
      return verifiedPage(view, { check: answer.check, ...data.beyond })
    case 'not-verified':
      return notVerifiedPage(view, { check: answer.check, tries })
    case 'refused':
      return refusedPage(view, { ...answer, tries })
    case 'limited':
      return limitedPage(view, { ...answer, isOver: now >= answer.retryAt })
    case 'expired-unread':
    case 'failed': {
      const { check } = answer
      if (check === 'document-proofing') {
        return documentFailurePage(view, { answer, tries, canRepeat })
      }
      if (answer.kind === 'expired-unread') {
        return failurePage(view, { check, tries, words: 'expiredUnread' })
      }
      const { reason, begun = false } = answer
      return failedPage(view, { check, tries, reason, begun })
    }
  }
}

interface Failed {
  readonly check: RecordCheck
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
