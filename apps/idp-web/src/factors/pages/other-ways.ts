import { type Html, html } from '../../html.ts'
import type { Texts } from '../../texts/index.ts'
import type { FactorKind } from '../factors.ts'
import type { SecondPurpose } from '../half-sign-in.ts'
import { pageOfWay } from '../second-ways.ts'

export interface OtherWays {
  /** What else the account has than what this page asks for. */
  readonly others: readonly FactorKind[]
  readonly purpose: SecondPurpose
}

export function otherWays(texts: Texts, { others, purpose }: OtherWays): Html {
  const words = texts.factors.others
  return html`<div class="other-way">
            <h2>${words.title}</h2>
            <ul class="usa-list usa-list--unstyled">
              ${others.map((way) => html`<li><a class="usa-link" href="${pageOfWay[way]}">${words[way]}</a></li>`)}
              <li>${wayBack(texts, purpose)}</li>
            </ul>
            <p>${words.lost}</p>
          </div>`
}

/** For whoever cannot show it: they begin anew, or stay signed in as they are. */
export function wayBack({ account, factors }: Texts, purpose: SecondPurpose): Html {
  return purpose === 'confirm'
    ? html`<a class="usa-link" href="/account">${account.confirm.back}</a>`
    : html`<a class="usa-link" href="/sign-in">${factors.others.restart}</a>`
}
