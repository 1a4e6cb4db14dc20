import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorSummary, postForm } from '../../pages/form-parts.ts'
import { linkMinutes } from '../email-links.ts'
import type { PasswordProblem } from '../password-rules.ts'
import { newPasswordErrors, newPasswordField, ownAddressField } from './fields.ts'

export interface ChosenPassword {
  readonly purpose: 'sign-up' | 'recovery'
  readonly token: string
  readonly address: string
  readonly problem?: PasswordProblem
}

/** Opening the link does nothing yet: programs that look through mail open links too. */
export function choosePasswordPage(view: View, data: ChosenPassword): Html {
  const { texts } = view
  const { link } = texts.account
  const words = data.purpose === 'sign-up' ? link.signUp : link.recovery
  const content = html`<p class="lead">${words.lead}</p>
          ${postForm(view, {
            action: `/email/${data.purpose}/${data.token}`,
            content: html`<div class="usa-form">
            ${ownAddressField(texts, data.address)}
            ${newPasswordField(texts, data.problem)}
            <div class="actions"><button class="usa-button">${words.submit}</button></div>
          </div>`,
          })}`
  return layout(view, {
    title: words.title,
    errorSummary: errorSummary(texts, newPasswordErrors(texts, data.problem)),
    scripts: ['form'],
    content,
  })
}

export interface NewAddress {
  readonly token: string
  readonly address: string
  /** Whether it is the account of the link that is signed in. */
  readonly isOwner: boolean
}

export function newAddressPage(view: View, { token, address, isOwner }: NewAddress): Html {
  const { newAddress } = view.texts.account.link
  const content = isOwner
    ? html`<p class="lead">${newAddress.lead}</p>
          <p><strong>${address}</strong></p>
          <div class="actions">
            ${postForm(view, {
              action: `/email/new-address/${token}`,
              content: html`<button class="usa-button">${newAddress.submit}</button>`,
            })}
          </div>`
    : html`<p class="lead">${newAddress.signIn}</p>
          <div class="actions"><a class="usa-button" href="/sign-in">${view.texts.account.signIn.submit}</a></div>`
  return layout(view, { title: newAddress.title, content })
}

/** For a link that was used, is too old, or never was: nobody is told which. */
export function linkGonePage(view: View): Html {
  const { account } = view.texts
  const { gone } = account.link
  const content = html`<p class="lead">${gone.text(linkMinutes)}</p>
          <p>${gone.next}</p>
          <div class="actions">
            <a class="usa-button" href="/sign-in">${account.signIn.submit}</a>
            <a class="usa-link" href="/recover">${account.signIn.recover}</a>
            <a class="usa-link" href="/sign-up">${account.signIn.create}</a>
          </div>`
  return layout(view, { title: gone.title, content })
}
