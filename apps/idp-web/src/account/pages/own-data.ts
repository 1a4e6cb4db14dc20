import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import { bulletList } from '../../proofing/pages/result-parts.ts'
import { accountLayout } from './account-layout.ts'

export function ownDataPage(view: View): Html {
  const { data } = view.texts.account
  const content = html`<p class="lead">${data.lead}</p>
          <h2>${data.hasTitle}</h2>
          ${bulletList(data.has)}
          <p>${data.careful}</p>
          <div class="actions">
            ${postForm(view, {
              action: '/account/data',
              content: html`<button class="usa-button">${data.submit}</button>`,
            })}
          </div>`
  return accountLayout(view, { title: data.title, content })
}
