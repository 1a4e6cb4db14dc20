import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { Partner } from '../partners.ts'

interface SecondFactorAsked {
  readonly partner: Partner
  readonly action: string
  /** Whether the account has one already. */
  readonly hasSecond: boolean
}

export function secondFactorPage(
  view: View,
  { partner, action, hasSecond }: SecondFactorAsked,
): Html {
  const { secondFactor } = view.texts.openid
  const deny = html`<button class="usa-button usa-button--unstyled" name="choice" value="deny">${secondFactor.deny(partner.name)}</button>`
  const content = html`<p class="lead">${secondFactor.lead(partner.name)}</p>
          <p>${secondFactor.back}</p>
          <div class="actions">${
            hasSecond
              ? html`<a class="usa-button" href="/sign-in/confirm">${secondFactor.use}</a>`
              : html`<a class="usa-button" href="/account/factors">${secondFactor.add}</a>`
          }</div>
          ${postForm(view, { action, content: deny })}`
  return layout(view, { title: secondFactor.title(partner.name), content })
}
