import type { DocumentProblem, DocumentReason } from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import type { UsesLeft } from '../../proofing/attempts.ts'
import { notice, otherWay, triesNote } from '../../proofing/pages/result-parts.ts'

interface Refused {
  readonly problems: readonly DocumentProblem[]
  readonly tries: UsesLeft
}

const sideOrder = ['both', 'front', 'back'] as const

/** What was wrong with each side, and what to do about it. */
export function refusedPage(view: View, { problems, tries }: Refused): Html {
  const { refused } = view.texts.documentRead
  const content = html`${notice('warning', html`<p>${refused.text}</p>`)}
          <p><strong>${triesNote(view, tries)}</strong></p>
          ${sideOrder.map((side) => sidePart(view, problems, side))}
          ${tries.left > 0 && actions(view, problems)}
          ${otherWay(view.texts)}`
  return layout(view, {
    title: refused.title,
    step: 'document',
    scripts: ['local-time'],
    content,
  })
}

function sidePart(
  { texts }: View,
  problems: readonly DocumentProblem[],
  side: (typeof sideOrder)[number],
): Html | undefined {
  const { sides, reasons } = texts.documentRead.refused
  const found = new Set(
    problems.filter((problem) => problem.side === side).map(({ reason }) => reason),
  )
  if (found.size === 0) return undefined
  return html`<h2>${sides[side]}</h2>
          <ul class="usa-list">
            ${[...found].map((reason) => html`<li><strong>${reasons[reason].what}</strong> ${reasons[reason].todo}</li>`)}
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
