import type { ReadDocument } from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import { notice, otherWay } from '../../proofing/pages/result-parts.ts'
import { readRows } from './read-rows.ts'

export interface ReadData {
  readonly document: ReadDocument
  /** Of the attempt that read it: a yes is said of this reading and no other. */
  readonly attemptId: string
  /** The barcode could not be read: the rest wants a closer look. */
  readonly toConfirm: boolean
}

/** What we read, for the person to say whether it is right. Nothing here can be typed over: the photo decides. */
export function readPage(view: View, { document, attemptId, toConfirm }: ReadData): Html {
  const { documentRead: words } = view.texts
  const { title, text } = toConfirm ? words.toConfirm : words.asRead
  const content = html`${notice(toConfirm ? 'warning' : 'success', html`<p>${text}</p>`)}
          <h2>${words.listTitle}</h2>
          ${readRows(view.texts, document)}
          <p>${document.address ? words.addressNote : words.noAddressNote}</p>
          <h2>${words.question}</h2>
          <div class="actions">
            ${postForm(view, {
              action: '/verify/document/read',
              content: html`<input type="hidden" name="attemptId" value="${attemptId}">
              <button class="usa-button">${words.yes}</button>`,
            })}
            <a class="usa-button usa-button--outline" href="/verify/document/photos">${words.no}</a>
          </div>
          <p><a class="usa-link" href="/verify/document">${words.otherDocument}</a></p>
          ${otherWay(view)}`
  return layout(view, { title, step: 'document', content })
}
