import type { TransferProblem } from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { refreshControls, refreshTag } from '../../pages/refreshing.ts'
import { notice } from '../../proofing/pages/result-parts.ts'
import { type Agency, agencyPath } from './send.ts'

/** How it stands with a credential that is sent to an agency, as its owner is told. */
export type Sent =
  | { readonly state: 'unused' | 'sending' | 'waiting' | 'delivered' }
  | {
      readonly state: 'failed'
      readonly problem: TransferProblem | null
      /** Whether it is still kept here, and can be sent again. */
      readonly isKept: boolean
    }

const refreshSeconds = 5

export interface SentData {
  readonly agency: Agency
  readonly sent: Sent
  /** Whether a browser without scripts loads the page again by itself. Left out: it does, and cannot be told not to. */
  readonly refreshes?: boolean
}

export function sentPage(view: View, { agency, sent, refreshes }: SentData): Html {
  const { status } = view.texts.sendCredential
  const back = html`<p><a class="usa-link" href="/credential/line">${status.back}</a></p>`
  if (sent.state === 'failed') {
    const { title, titleUnknown } = status.failed
    const content = failed(view, agency, sent)
    return layout(view, { title: isSure(sent.problem) ? title : titleUnknown, content })
  }
  const { title, text } = status[sent.state]
  if (sent.state === 'delivered') {
    const content = html`${notice('success', html`<p>${text(agency.name)}</p>`)}${back}`
    return layout(view, { title, content })
  }
  const refreshing = {
    path: `${agencyPath(agency.id)}/sent`,
    id: 'sent-check-again',
    refreshes,
    words: status,
  }
  const content = html`<p class="lead">${text(agency.name)}</p>
          <div id="sent" hidden data-state="${sent.state}" data-address="${refreshing.path}/status" data-unreachable="${status.unreachable}" data-reachable="${status.reachable}" data-changed="${status.changed}"><p>${status.byItself}</p></div>
          <p class="wait__status" id="sent-status" role="status"></p>
          ${refreshControls(refreshing)}
          ${back}`
  return layout(view, {
    title,
    scripts: ['sent'],
    head: refreshTag(refreshing, refreshSeconds),
    content,
  })
}

function failed(
  { texts }: View,
  { id, name }: Agency,
  { problem, isKept }: Extract<Sent, { state: 'failed' }>,
): Html {
  const { failed, back } = texts.sendCredential.status
  return html`${notice('warning', html`<p>${failed[reasonOf(problem)](name)}</p>`)}
          <p>${isSure(problem) ? failed.nothing : failed.unknown} ${failed.deleted}</p>
          ${
            isKept
              ? html`<div class="actions"><a class="usa-button" href="${agencyPath(id)}">${failed.again}</a></div>
          <p><a class="usa-link" href="/credential">${back}</a></p>`
              : html`<p>${failed.over}</p>`
          }`
}

/** Whether the file is not there: after all else it may be, and what was to tell us of it was lost. */
function isSure(problem: TransferProblem | null): boolean {
  switch (problem) {
    case 'destination-unknown':
    case 'destination-refused':
    case 'destination-full':
    case 'file-exists':
    case 'source-too-large':
    case 'hash-mismatch':
    case 'cancelled':
      return true
    default:
      return false
  }
}

function reasonOf(problem: TransferProblem | null) {
  switch (problem) {
    case 'destination-unreachable':
    case 'destination-busy':
      return 'unreachable'
    case 'timed-out':
    case 'source-expired':
      return 'late'
    case 'hash-mismatch':
      return 'otherFile'
    case 'destination-full':
    case 'destination-refused':
    case 'file-exists':
    case 'source-too-large':
      return 'refused'
    case 'cancelled':
      return 'stopped'
    default:
      return 'internal'
  }
}
