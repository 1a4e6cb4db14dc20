import { accountLayout } from '../../account/pages/account-layout.ts'
import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import { bulletList } from '../../proofing/pages/result-parts.ts'

/** Before codes are made. @param hasCodes New ones take the place of others. */
export function makeCodesPage(view: View, hasCodes: boolean): Html {
  const { codes, remove } = view.texts.factors
  const content = html`<p class="lead">${hasCodes ? codes.renewLead : codes.lead}</p>
          <p>${codes.safe}</p>
          ${postForm(view, {
            action: '/account/factors/codes',
            content: html`<div class="actions">
            <button class="usa-button">${codes.make}</button>
            <a class="usa-link" href="/account/factors">${remove.back}</a>
          </div>`,
          })}`
  return accountLayout(view, { title: codes.title, content })
}

/** The one time that they are shown. */
export function newCodesPage(view: View, codes: readonly string[]): Html {
  const { newCodes } = view.texts.factors
  const content = html`<p class="lead">${newCodes.lead}</p>
          <ul class="backup-codes" aria-label="${newCodes.list}" id="backup-codes">${codes.map((code) => html`<li>${code}</li>`)}</ul>
          <div class="actions" data-codes-actions data-copied="${newCodes.copied}" hidden>
            <button class="usa-button usa-button--outline" type="button" data-print>${newCodes.print}</button>
            <button class="usa-button usa-button--outline" type="button" data-copy>${newCodes.copy}</button>
          </div>
          <p role="status" data-codes-status></p>
          ${bulletList(newCodes.keep)}
          <div class="actions"><a class="usa-button" href="/account/factors">${newCodes.done}</a></div>`
  return accountLayout(view, { title: newCodes.title, scripts: ['backup-codes'], content })
}
