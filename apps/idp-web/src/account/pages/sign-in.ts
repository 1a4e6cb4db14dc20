import { passkeyForm } from '../../factors/pages/passkey-form.ts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorSummary, type FieldError, postForm } from '../../pages/form-parts.ts'
import { addressErrors, addressField, passwordField, type TypedAddress } from './fields.ts'

export interface SignInData {
  readonly typed: TypedAddress
  readonly password?: 'missing' | 'wrong'
  /** Whether browsers know passkeys for this site. */
  readonly passkeys: boolean
}

export function signInPage(view: View, { typed, password, passkeys }: SignInData): Html {
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
            ${addressField(texts, typed, passkeys ? { autocomplete: 'username webauthn' } : {})}
            ${passwordField(texts, message)}
            <div class="actions">
              <button class="usa-button">${signIn.submit}</button>
              <a class="usa-link" href="/recover">${signIn.recover}</a>
            </div>
          </div>`,
  })}
          ${passkeys && passkeyPart(view)}
          <h2>${signIn.newTitle}</h2>
          <p><a class="usa-link" href="/sign-up">${signIn.create}</a></p>`
  return layout(view, {
    title: signIn.title,
    errorSummary: errorSummary(texts, errors),
    scripts: passkeys ? ['form', 'passkey'] : ['form'],
    content,
  })
}

/** A button, and what the browser offers at the field of the address. */
function passkeyPart(view: View): Html {
  const { passkey } = view.texts.factors
  return html`<h2>${passkey.title}</h2>
          ${passkeyForm(view, { action: '/sign-in/passkey', button: passkey.use })}`
}

/** Whether it is the address or the password that is wrong, nobody is told. */
function passwordMessage({ texts }: View, error: 'missing' | 'wrong'): string {
  return error === 'missing' ? texts.account.password.missing : texts.account.signIn.wrong
}
