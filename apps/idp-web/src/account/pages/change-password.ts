import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { errorSummary, postForm } from '../../pages/form-parts.ts'
import type { PasswordProblem } from '../password-rules.ts'
import { accountLayout } from './account-layout.ts'
import { newPasswordErrors, newPasswordField, ownAddressField } from './fields.ts'

export interface ChangePasswordData {
  readonly address: string
  readonly problem?: PasswordProblem
}

export function changePasswordPage(view: View, { address, problem }: ChangePasswordData): Html {
  const { texts } = view
  const { changePassword } = texts.account
  const content = html`<p class="lead">${changePassword.lead}</p>
          ${postForm(view, {
            action: '/account/password',
            content: html`<div class="usa-form">
            ${ownAddressField(texts, address)}
            ${newPasswordField(texts, problem)}
            <div class="actions"><button class="usa-button">${changePassword.submit}</button></div>
          </div>`,
          })}`
  return accountLayout(view, {
    title: changePassword.title,
    errorSummary: errorSummary(texts, newPasswordErrors(texts, problem)),
    scripts: ['form'],
    content,
  })
}
