import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorSummary, postForm } from '../../pages/form-parts.ts'
import { ownAddressField, passwordField } from './fields.ts'

export interface ConfirmData {
  readonly address: string
  readonly hasPassword: boolean
  readonly hasPasskey: boolean
  readonly error?: 'missing' | 'wrong'
}

/** Whoever is signed in shows once more that they are there. */
export function confirmPage(view: View, data: ConfirmData): Html {
  const { texts } = view
  const { confirm } = texts.account
  const message = data.error && messageOf(view, data.error)
  const content = html`<p class="lead">${confirm.lead}</p>
          ${data.hasPassword && passwordForm(view, data, message)}
          <div class="actions">
            ${data.hasPasskey && html`<a class="usa-button usa-button--outline" href="/sign-in/passkey">${confirm.passkey}</a>`}
            <a class="usa-link" href="/recover">${confirm.recover}</a>
            <a class="usa-link" href="/account">${confirm.back}</a>
          </div>`
  return layout(view, {
    title: confirm.title,
    errorSummary: errorSummary(texts, message ? [{ field: 'password', message }] : []),
    scripts: ['form'],
    content,
  })
}

function passwordForm(view: View, { address }: ConfirmData, message: string | undefined): Html {
  const { texts } = view
  return postForm(view, {
    action: '/sign-in/confirm',
    content: html`<div class="usa-form">
            ${ownAddressField(texts, address)}
            ${passwordField(texts, message)}
            <div class="actions"><button class="usa-button">${texts.account.confirm.submit}</button></div>
          </div>`,
  })
}

function messageOf({ texts }: View, error: 'missing' | 'wrong'): string {
  return error === 'missing' ? texts.account.password.missing : texts.account.confirm.wrong
}
