import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import { type Attribute, claimsOfAttribute } from '../attributes.ts'
import type { Partner } from '../partners.ts'
import type { Claims } from '../verified-claims.ts'
import { wordsOf } from './claim-words.ts'

export interface ConsentAsked {
  readonly partner: Partner
  readonly attributes: readonly Attribute[]
  /** What is known of the person. */
  readonly claims: Claims
  readonly action: string
}

/** Every attribute with the very words that would be shared. */
export function consentPage(
  view: View,
  { partner, attributes, claims, action }: ConsentAsked,
): Html {
  const { openid } = view.texts
  const { consent } = openid
  const rows = attributes.map((attribute) => row(view, attribute, claims))
  const content = html`${
    rows.length === 0
      ? html`<p class="lead">${consent.nothing(partner.name)}</p>`
      : html`<p class="lead">${consent.lead(partner.name)}</p>
          <h2>${consent.list}</h2>
          <dl class="answers">${rows}</dl>`
  }
          <p>${consent.keep(partner.name)}</p>
          ${postForm(view, { action, content: choices(view) })}`
  return layout(view, { title: consent.title(partner.name), content })
}

function row({ texts }: View, attribute: Attribute, claims: Claims): Html {
  const isKnown = claimsOfAttribute(attribute).some((claim) => claims[claim] !== undefined)
  const words = isKnown ? wordsOf(attribute, claims, texts.language) : texts.openid.unknown
  return html`<div class="answers__row">
              <dt class="answers__name">${texts.openid.attributes[attribute]}</dt>
              <dd class="answers__value">${words}</dd>
            </div>`
}

function choices({ texts: { openid } }: View): Html {
  const { allow, deny } = openid.consent
  return html`<div class="actions">
            <button class="usa-button" name="choice" value="allow">${allow}</button>
            <button class="usa-button usa-button--outline" name="choice" value="deny">${deny}</button>
          </div>`
}
