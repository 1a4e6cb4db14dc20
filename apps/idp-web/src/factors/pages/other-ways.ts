import { type Html, html } from '../../html.ts'
import type { Texts } from '../../texts/index.ts'
import type { FactorKind } from '../factors.ts'
import { pageOfWay } from '../second-ways.ts'

/** What else the account has than what this page asks for. */
export type OtherWays = readonly FactorKind[]

export function otherWays({ factors: { others } }: Texts, ways: OtherWays): Html {
  return html`<div class="other-way">
            <h2>${others.title}</h2>
            <ul class="usa-list usa-list--unstyled">
              ${ways.map((way) => html`<li><a class="usa-link" href="${pageOfWay[way]}">${others[way]}</a></li>`)}
              <li><a class="usa-link" href="/sign-in">${others.restart}</a></li>
            </ul>
          </div>`
}
