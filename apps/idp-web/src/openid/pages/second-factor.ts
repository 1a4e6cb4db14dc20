import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { Partner } from '../partners.ts'

export function secondFactorPage(
  view: View,
  { partner, action }: { readonly partner: Partner; readonly action: string },
): Html {
  const { secondFactor } = view.texts.openid
  const deny = html`<button class="usa-button usa-button--unstyled" name="choice" value="deny">${secondFactor.deny(partner.name)}</button>`
  const content = html`<p class="lead">${secondFactor.lead(partner.name)}</p>
          <p>${secondFactor.back}</p>
          <div class="actions"><a class="usa-button" href="/sign-in">${secondFactor.use}</a></div>
          <p><a class="usa-link" href="/account/factors">${secondFactor.add}</a></p>
          ${postForm(view, { action, content: deny })}`
  return layout(view, { title: secondFactor.title(partner.name), content })
}
