import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorSummary, postForm } from '../../pages/form-parts.ts'
import { addressErrors, addressField, type TypedAddress } from './fields.ts'

export function signUpPage(view: View, typed: TypedAddress): Html {
  const { texts } = view
  const { signUp } = texts.account
  const content = html`<p class="lead">${signUp.lead}</p>
          ${postForm(view, {
            action: '/sign-up',
            content: html`<div class="usa-form">
            ${addressField(texts, typed)}
            <p>${signUp.what}</p>
            <div class="actions"><button class="usa-button">${signUp.next}</button></div>
          </div>`,
          })}
          <h2>${signUp.haveTitle}</h2>
          <p><a class="usa-link" href="/sign-in">${signUp.have}</a></p>`
  return layout(view, {
    title: signUp.title,
    errorSummary: errorSummary(texts, addressErrors(texts, typed)),
    content,
  })
}
