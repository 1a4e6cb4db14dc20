import { type Html, html } from '../../../html.ts'
import type { View } from '../../../layout.ts'
import { errorMessage, errorSummary, postForm } from '../../../pages/form-parts.ts'
import { accountLayout } from '../../pages/account-layout.ts'

/** The choice to have one's details kept; it stands on the page that says that somebody is verified. */
export function keepProfileForm(view: View, error: boolean): Html {
  const { keep } = view.texts.identity
  const content = html`<fieldset class="usa-fieldset agreement">
            <legend class="usa-sr-only">${keep.legend}</legend>
            <div class="usa-form-group${error && ' usa-form-group--error'}">
              ${errorMessage(view.texts, 'keep-error', error ? keep.missing : undefined)}
              <div class="usa-checkbox">
                <input class="usa-checkbox__input" type="checkbox" id="keep" name="keep" value="yes"${error && html` aria-describedby="keep-error" aria-invalid="true"`}>
                <label class="usa-checkbox__label" for="keep">${keep.label}</label>
              </div>
            </div>
          </fieldset>
          <div class="actions"><button class="usa-button usa-button--outline">${keep.submit}</button></div>`
  return html`<h2>${keep.title}</h2>
          <p>${keep.text}</p>
          ${postForm(view, { action: '/account/identity/profile', content })}`
}

/** The same alone, for whoever asked for it without the box. */
export function keepProfilePage(view: View): Html {
  const { texts } = view
  const { keep } = texts.identity
  const content = html`${keepProfileForm(view, true)}
          <p><a class="usa-link" href="/verify/result">${texts.results.verified.title}</a></p>`
  return accountLayout(view, {
    title: texts.identity.title,
    errorSummary: errorSummary(texts, [{ field: 'keep', message: keep.missing }]),
    content,
  })
}
