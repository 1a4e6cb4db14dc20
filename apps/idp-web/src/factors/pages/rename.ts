import { accountLayout } from '../../account/pages/account-layout.ts'
import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { errorSummary, postForm, textField } from '../../pages/form-parts.ts'

export interface RenameData {
  readonly id: string
  readonly name: string
  readonly error?: 'missing' | 'invalid'
}

export function renamePage(view: View, { id, name, error }: RenameData): Html {
  const { rename, remove } = view.texts.factors
  const message = error && rename.errors[error]
  const field = textField(view.texts, {
    name: 'name',
    label: rename.label,
    hint: rename.hint,
    value: name,
    error: message,
    autocomplete: 'off',
    width: 'medium',
  })
  const content = html`${postForm(view, {
    action: '/account/factors/name',
    content: html`<div class="usa-form">
            <input type="hidden" name="id" value="${id}">
            ${field}
            <div class="actions">
              <button class="usa-button">${rename.save}</button>
              <a class="usa-link" href="/account/factors">${remove.back}</a>
            </div>
          </div>`,
  })}`
  return accountLayout(view, {
    title: rename.title,
    errorSummary: errorSummary(view.texts, message ? [{ field: 'name', message }] : []),
    content,
  })
}
