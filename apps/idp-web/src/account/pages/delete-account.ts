import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorSummary, postForm, textField } from '../../pages/form-parts.ts'
import { bulletList } from '../../proofing/pages/result-parts.ts'
import { accountLayout } from './account-layout.ts'

export function deleteAccountPage(view: View, { error }: { readonly error?: boolean }): Html {
  const { texts } = view
  const words = texts.account.delete
  const message = error ? words.missing(words.word) : undefined
  const field = textField(texts, {
    name: 'word',
    label: words.label(words.word),
    autocomplete: 'off',
    spellcheck: false,
    width: 'medium',
    value: undefined,
    error: message,
  })
  const content = html`<p class="lead">${words.lead}</p>
          <h2>${words.whatTitle}</h2>
          ${bulletList(words.what)}
          ${postForm(view, {
            action: '/account/delete',
            content: html`<div class="usa-form">
            ${field}
            <div class="actions">
              <button class="usa-button usa-button--secondary">${words.submit}</button>
              <a class="usa-link" href="/account">${words.keep}</a>
            </div>
          </div>`,
          })}`
  return accountLayout(view, {
    title: words.title,
    errorSummary: errorSummary(texts, message ? [{ field: 'word', message }] : []),
    content,
  })
}

export function accountDeletedPage(view: View): Html {
  const { deleted, start } = view.texts.account
  const content = html`<p class="lead">${deleted.text}</p>
          <div class="actions"><a class="usa-button" href="/">${start}</a></div>`
  return layout(view, { title: deleted.title, content })
}
