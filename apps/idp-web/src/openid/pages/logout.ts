import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { LogoutRequest } from '../logout-routes.ts'
import { routes } from '../routes.ts'

export function logoutPage(view: View, { partner, parameters }: LogoutRequest): Html {
  const { logout } = view.texts.openid
  const hidden = Object.entries(parameters).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const form = html`${hidden}
          <div class="actions">
            <button class="usa-button" name="choice" value="leave">${logout.leave}</button>
            <button class="usa-button usa-button--outline" name="choice" value="stay">${logout.stay}</button>
          </div>`
  const content = html`<p class="lead">${partner ? logout.lead(partner.name) : logout.leadAlone}</p>
          <p>${logout.text}</p>
          ${postForm(view, { action: routes.end_session, content: form })}`
  return layout(view, { title: logout.title, content })
}
