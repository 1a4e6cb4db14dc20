import { type Html, html } from '../../../html.ts'
import type { View } from '../../../layout.ts'
import { dayOf } from '../../../proofing/pages/dates.ts'
import { bulletList } from '../../../proofing/pages/result-parts.ts'
import type { Account, Proofing } from '../../accounts.ts'
import { accountLayout } from '../../pages/account-layout.ts'

/** Whether somebody has proved who they are, when and how, and what is kept of it. */
export function identityPage(view: View, account: Account): Html {
  const { identity } = view.texts
  const { kept } = identity
  const content = html`${account.proofing ? proofedPart(view, account.proofing) : notProofedPart(view)}
          <h2>${kept.title}</h2>
          ${
            account.profile === undefined
              ? html`<p>${account.proofing ? kept.none : kept.nothing}</p>`
              : html`<p>${kept.some}</p>
          <p><a class="usa-link" href="/account/identity/profile">${kept.show}</a></p>`
          }`
  return accountLayout(view, { title: identity.title, content })
}

function proofedPart({ texts }: View, { at, checks }: Proofing): Html {
  const { proofed } = texts.identity
  const done = checks.flatMap(({ check }) => proofed.checks[check] ?? [])
  return html`<p class="lead">${proofed.lead}</p>
          <dl class="answers">
            <div class="answers__row">
              <dt class="answers__name">${proofed.when}</dt>
              <dd class="answers__value">${dayOf(texts.language, at)}</dd>
            </div>
            <div class="answers__row">
              <dt class="answers__name">${proofed.how}</dt>
              <dd class="answers__value">${bulletList(done)}</dd>
            </div>
          </dl>
          <p>${proofed.againNote} <a class="usa-link" href="/verify/consent">${proofed.again}</a></p>`
}

function notProofedPart({ texts }: View): Html {
  const { notProofed } = texts.identity
  return html`<p class="lead">${notProofed.lead}</p>
          <div class="actions"><a class="usa-button" href="/verify/consent">${notProofed.start}</a></div>`
}
