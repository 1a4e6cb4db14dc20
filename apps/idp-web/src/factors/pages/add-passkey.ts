import { accountLayout } from '../../account/pages/account-layout.ts'
import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { notice } from '../../proofing/pages/result-parts.ts'
import { passkeyForm } from './passkey-form.ts'

export interface AddPasskeyData {
  readonly isRefused?: boolean
}

export function addPasskeyPage(view: View, { isRefused }: AddPasskeyData): Html {
  const { addPasskey, passkey, remove } = view.texts.factors
  const content = html`${isRefused && notice('error', html`<p>${passkey.notAdded}</p>`)}
          <p class="lead">${addPasskey.lead}</p>
          <p>${addPasskey.keep}</p>
          ${passkeyForm(view, { action: '/account/factors/passkey', button: addPasskey.add })}
          <p><a class="usa-link" href="/account/factors">${remove.back}</a></p>`
  return accountLayout(view, { title: addPasskey.title, scripts: ['passkey'], content })
}
