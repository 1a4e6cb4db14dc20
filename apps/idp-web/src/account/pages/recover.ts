import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorSummary, postForm } from '../../pages/form-parts.ts'
import { addressErrors, addressField, type TypedAddress } from './fields.ts'

export function recoverPage(view: View, typed: TypedAddress): Html {
  const { texts } = view
  const { recover } = texts.account
  const content = html`<p class="lead">${recover.lead}</p>
          ${postForm(view, {
            action: '/recover',
            content: html`<div class="usa-form">
            ${addressField(texts, typed)}
            <div class="actions">
              <button class="usa-button">${recover.submit}</button>
              <a class="usa-link" href="/sign-in">${recover.back}</a>
            </div>
          </div>`,
          })}`
  return layout(view, {
    title: recover.title,
    errorSummary: errorSummary(texts, addressErrors(texts, typed)),
    content,
  })
}

export function recoveredPage(view: View): Html {
  const { recovered, signIn } = view.texts.account
  const content = html`<p class="lead">${recovered.text}</p>
          <div class="actions"><a class="usa-button" href="/sign-in">${signIn.submit}</a></div>`
  return layout(view, { title: recovered.title, content })
}
