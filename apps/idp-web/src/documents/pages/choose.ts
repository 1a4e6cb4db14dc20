import { type DocumentType, documentTypes } from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'

/** One button for each kind of document: pressing it is the choice, sent as `documentType`. */
export function choosePage(view: View): Html {
  const { choose } = view.texts.documentCapture
  const content = html`<p class="lead">${choose.lead}</p>
          ${postForm(view, {
            action: '/verify/document',
            content: html`<ul class="choices" aria-label="${choose.legend}">
            ${documentTypes.map((type) => choice(view, type))}
          </ul>`,
          })}
          <h2>${choose.usesTitle}</h2>
          <p>${choose.uses}</p>
          <h2>${choose.noneTitle}</h2>
          <p><a class="usa-link" href="/other-ways">${choose.none}</a></p>`
  return layout(view, { title: choose.title, step: 'document', content })
}

function choice({ texts }: View, type: DocumentType): Html {
  const { name, text } = texts.documentCapture.choose.types[type]
  return html`<li>
              <button class="choice" name="documentType" value="${type}"><span class="choice__name">${name}</span> <span class="choice__text">${text}</span></button>
            </li>`
}
