import type { DocumentProblem, DocumentType, FailureReason } from '@anteroom/job-contracts'
import { documentFailurePage } from '../../documents/pages/document-failure.ts'
import { refusedPage } from '../../documents/pages/refused.ts'
import type { Html } from '../../html.ts'
import type { View } from '../../layout.ts'
import type { Answer, RecordCheck } from '../answer.ts'
import type { UsesLeft } from '../attempts.ts'
import type { WaitingPartner } from '../waiting-partner.ts'
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
  /** What there is beside the check. */
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
  const { answer, tries, canRepeat, now, beyond } = data
  const partner = beyond?.partner
  switch (answer.kind) {
    case 'verified':
      return verifiedPage(view, { check: answer.check, ...beyond })
    case 'not-verified':
      return notVerifiedPage(view, { check: answer.check, tries, partner })
    case 'refused':
      return refusedPage(view, { ...answer, tries, partner })
    case 'limited':
      return limitedPage(view, { ...answer, isOver: now >= answer.retryAt, partner })
    case 'expired-unread':
    case 'failed': {
      const { check } = answer
      if (check === 'document-proofing') {
        return documentFailurePage(view, { answer, tries, canRepeat, partner })
      }
      if (answer.kind === 'expired-unread') {
        return failurePage(view, { check, tries, words: 'expiredUnread', partner })
      }
      const { reason, begun = false } = answer
      return failedPage(view, { check, tries, reason, begun, partner })
    }
  }
}

interface Failed {
  readonly check: RecordCheck
  readonly tries: UsesLeft
  readonly reason: FailureReason
  readonly begun: boolean
  readonly partner: WaitingPartner | undefined
}

function failedPage(view: View, { reason, begun, ...about }: Failed): Html {
  switch (reason) {
    case 'timed-out':
      return failurePage(view, { ...about, words: 'timedOut' })
    case 'vendor-unavailable':
      return failurePage(view, { ...about, words: 'vendorTrouble' })
    case 'cancelled':
      return failurePage(view, { ...about, words: begun ? 'stoppedLate' : 'cancelled' })
    case 'unreadable':
    case 'internal':
      return failurePage(view, { ...about, words: 'internal' })
    case 'rejected-input':
      return notVerifiedPage(view, { ...about, isRejected: true })
  }
}
