import { accountLayout } from '../../account/pages/account-layout.ts'
import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { errorSummary, postForm } from '../../pages/form-parts.ts'
import { qrCode } from '../qr-code.ts'
import { type TotpLabel, totpAddress, typedSecret } from '../totp.ts'
import { codeField } from './code-field.ts'

export interface AddAppData {
  /** Base64url. */
  readonly secret: string
  readonly label: TotpLabel
  readonly error?: 'missing' | 'wrong'
}

/** The secret as a QR code and as text, and a field for the code that shows that the app has it. */
export function addAppPage(view: View, { secret, label, error }: AddAppData): Html {
  const { addApp, remove } = view.texts.factors
  const message = error && addApp.errors[error]
  const { label: name, hint } = addApp
  const field = codeField(view.texts, { kind: 'totp', label: name, hint, error: message })
  const content = html`<h2>${addApp.stepsTitle}</h2>
          <ol class="usa-list">${addApp.steps.map((step) => html`<li>${step}</li>`)}</ol>
          ${qrCode(totpAddress(secret, label), addApp.code)}
          <p>${addApp.byHand}</p>
          <p class="typed-secret">${typedSecret(secret)}</p>
          ${postForm(view, {
            action: '/account/factors/app',
            content: html`<div class="usa-form">
            ${field}
            <div class="actions"><button class="usa-button">${addApp.add}</button></div>
          </div>`,
          })}
          <p><a class="usa-link" href="/account/factors">${remove.back}</a></p>`
  return accountLayout(view, {
    title: addApp.title,
    errorSummary: errorSummary(view.texts, message ? [{ field: 'code', message }] : []),
    content,
  })
}
