import type { DocumentProblem, DocumentReason, DocumentType } from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import type { UsesLeft } from '../../proofing/attempts.ts'
import { notice, otherWay, triesNote } from '../../proofing/pages/result-parts.ts'
import type { WaitingPartner } from '../../proofing/waiting-partner.ts'
import { problemsBySide, type SideProblems } from './problems-by-side.ts'

interface Refused {
  readonly documentType: DocumentType
  readonly problems: readonly DocumentProblem[]
  readonly tries: UsesLeft
  readonly partner: WaitingPartner | undefined
}

/** What was wrong with each side, and what to do about it. */
export function refusedPage(view: View, { documentType, problems, tries, partner }: Refused): Html {
  const { refused } = view.texts.documentRead
  const content = html`${notice('warning', html`<p>${refused.text}</p>`)}
          <p><strong>${triesNote(view, tries)}</strong></p>
          ${problemsBySide(view.texts, documentType, problems).map(sidePart)}
          ${tries.left > 0 && actions(view, problems)}
          ${otherWay(view, partner)}`
  return layout(view, {
    title: refused.title,
    step: 'document',
    scripts: ['local-time'],
    content,
  })
}

function sidePart({ title, words }: SideProblems): Html {
  return html`<h2>${title}</h2>
          <ul class="usa-list">
            ${words.map(({ what, todo }) => html`<li><strong>${what}</strong> ${todo}</li>`)}
          </ul>`
}

/** Reasons that no other photo of the same document can put right. */
const final: readonly DocumentReason[] = ['expired', 'under-age', 'wrong-type', 'incomplete']

function actions({ texts }: View, problems: readonly DocumentProblem[]): Html {
  const { photosAgain, otherDocument } = texts.documentRead.refused
  const isFinal = problems.every(({ reason }) => final.includes(reason))
  const photos = { href: '/verify/document/photos', label: photosAgain }
  const other = { href: '/verify/document', label: otherDocument }
  const [first, second] = isFinal ? [other, photos] : [photos, other]
  return html`<div class="actions">
            <a class="usa-button" href="${first.href}">${first.label}</a>
            <a class="usa-link" href="${second.href}">${second.label}</a>
          </div>`
}
