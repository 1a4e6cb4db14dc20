import { accountLayout } from '../../account/pages/account-layout.ts'
import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import { dayOf } from '../../proofing/pages/dates.ts'
import type { ConnectedService } from '../connected-services.ts'

export function servicesPage(view: View, connected: readonly ConnectedService[]): Html {
  const { services } = view.texts.openid
  const content =
    connected.length === 0
      ? html`<p class="lead">${services.none}</p>`
      : html`<p class="lead">${services.lead}</p>
          ${connected.map((service) => serviceSection(view, service))}
          <p>${services.after}</p>`
  return accountLayout(view, { title: services.title, content })
}

function serviceSection(view: View, { id, name, attributes, since }: ConnectedService): Html {
  const { services, attributes: words } = view.texts.openid
  const shares =
    attributes.length === 0 ? [services.onlySubject] : attributes.map((one) => words[one])
  const content = html`<input type="hidden" name="partner" value="${id}">
          <div class="actions"><button class="usa-button usa-button--outline">${services.revoke(name)}</button></div>`
  return html`<section>
            <h2>${name}</h2>
            <p>${services.since} <time datetime="${since.toISOString()}">${dayOf(view.texts.language, since.getTime())}</time></p>
            <h3>${services.shares}</h3>
            <ul class="usa-list">${shares.map((share) => html`<li>${share}</li>`)}</ul>
            ${postForm(view, { action: '/account/services/revoke', content })}
          </section>`
}
