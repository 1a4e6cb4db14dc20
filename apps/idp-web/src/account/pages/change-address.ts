import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { errorSummary, postForm } from '../../pages/form-parts.ts'
import { accountLayout } from './account-layout.ts'
import { addressErrors, addressField, type TypedAddress } from './fields.ts'

export interface ChangeAddressData {
  readonly now: string
  readonly typed: TypedAddress
}

export function changeAddressPage(view: View, { now, typed }: ChangeAddressData): Html {
  const { texts } = view
  const { changeAddress } = texts.account
  const content = html`<p class="lead">${changeAddress.lead}</p>
          <p>${changeAddress.now}: <strong>${now}</strong></p>
          ${postForm(view, {
            action: '/account/address',
            content: html`<div class="usa-form">
            ${addressField(texts, typed, { label: changeAddress.label, autocomplete: 'email' })}
            <div class="actions"><button class="usa-button">${changeAddress.submit}</button></div>
          </div>`,
          })}`
  return accountLayout(view, {
    title: changeAddress.title,
    errorSummary: errorSummary(texts, addressErrors(texts, typed)),
    content,
  })
}
