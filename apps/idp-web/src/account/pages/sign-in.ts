import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorSummary, type FieldError, postForm } from '../../pages/form-parts.ts'
import { addressErrors, addressField, passwordField, type TypedAddress } from './fields.ts'

export interface SignInData {
  readonly typed: TypedAddress
  readonly password?: 'missing' | 'wrong'
}

export function signInPage(view: View, { typed, password }: SignInData): Html {
  const { texts } = view
  const { signIn } = texts.account
  const message = password && passwordMessage(view, password)
  const errors: FieldError[] = [
    ...addressErrors(texts, typed),
    ...(message ? [{ field: 'password', message }] : []),
  ]
  const content = html`${postForm(view, {
    action: '/sign-in',
    content: html`<div class="usa-form">
            ${addressField(texts, typed)}
            ${passwordField(texts, message)}
            <div class="actions">
              <button class="usa-button">${signIn.submit}</button>
              <a class="usa-link" href="/recover">${signIn.recover}</a>
            </div>
          </div>`,
  })}
          <h2>${signIn.newTitle}</h2>
          <p><a class="usa-link" href="/sign-up">${signIn.create}</a></p>`
  return layout(view, {
    title: signIn.title,
    errorSummary: errorSummary(texts, errors),
    scripts: ['form'],
    content,
  })
}

/** Whether it is the address or the password that is wrong, nobody is told. */
function passwordMessage({ texts }: View, error: 'missing' | 'wrong'): string {
  return error === 'missing' ? texts.account.password.missing : texts.account.signIn.wrong
}
