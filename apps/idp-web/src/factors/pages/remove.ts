import { accountLayout } from '../../account/pages/account-layout.ts'
import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import { notice } from '../../proofing/pages/result-parts.ts'
import type { FactorSummary } from '../factors.ts'
import { factorName } from './factor-list.ts'

export interface RemoveData {
  readonly factor: FactorSummary
  /** After it there is nothing but the password. */
  readonly isAlone: boolean
}

export function removePage(view: View, { factor, isAlone }: RemoveData): Html {
  const { factors } = view.texts
  const { remove } = factors
  const { kind, id } = factor
  const lead = kind === 'backup-codes' ? remove.codesLead : remove.lead(factorName(factors, factor))
  const content = html`<p class="lead">${lead}</p>
          ${isAlone && notice('warning', html`<p>${remove.alone}</p>`)}
          ${kind === 'passkey' && html`<p>${remove.fromDevice}</p>`}
          ${postForm(view, {
            action: '/account/factors/remove',
            content: html`<input type="hidden" name="id" value="${id}">
          <div class="actions">
            <button class="usa-button usa-button--secondary">${remove.confirm}</button>
            <a class="usa-link" href="/account/factors">${remove.keep}</a>
          </div>`,
          })}`
  return accountLayout(view, { title: remove.titles[kind], content })
}

/** Nobody could sign in to the account any more. */
export function lastWayInPage(view: View): Html {
  const { remove } = view.texts.factors
  const content = html`<p class="lead">${remove.lastWayIn}</p>
          <div class="actions"><a class="usa-button" href="/account/factors">${remove.back}</a></div>`
  return accountLayout(view, { title: remove.lastWayInTitle, content })
}
