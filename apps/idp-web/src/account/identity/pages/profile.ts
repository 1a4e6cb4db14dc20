import { type Html, html } from '../../../html.ts'
import type { View } from '../../../layout.ts'
import { facts } from '../../../pages/facts.ts'
import { postForm } from '../../../pages/form-parts.ts'
import { longDate } from '../../../proofing/pages/dates.ts'
import { accountLayout } from '../../pages/account-layout.ts'
import type { Profile } from '../profile.ts'

/** What somebody has chosen to have kept, and the way to have it deleted. */
export function profilePage(view: View, profile: Profile): Html {
  const { identity } = view.texts
  const words = identity.profile
  const hasCredential = view.credentials && profile.credentialId !== undefined
  const content = html`<p class="lead">${words.lead}</p>
          ${factsOf(view, profile)}
          ${hasCredential && credentialPart(view)}
          <h2>${words.deleteTitle}</h2>
          <p>${words.delete}</p>
          <div class="actions">
            ${postForm(view, {
              action: '/account/identity/forget',
              content: html`<button class="usa-button usa-button--outline">${words.deleteButton}</button>`,
            })}
          </div>
          <p><a class="usa-link" href="/account/identity">${identity.title}</a></p>`
  return accountLayout(view, { title: words.title, content })
}

function factsOf({ texts }: View, profile: Profile): Html {
  const { profile: words } = texts.identity
  const street = [profile.address1, profile.address2].filter((line) => line !== undefined)
  const rows: (readonly [string, string])[] = [
    [words.name, `${profile.firstName} ${profile.lastName}`],
    [words.dateOfBirth, longDate(texts.language, profile.dateOfBirth)],
    [words.address, [...street, `${profile.city}, ${profile.state} ${profile.zipCode}`].join(', ')],
    ...(profile.phone === undefined ? [] : [[words.phone, profile.phone] as const]),
  ]
  return facts(rows)
}

function credentialPart({ texts }: View): Html {
  const { profile: words } = texts.identity
  return html`<h2>${words.credentialTitle}</h2>
          <p>${words.credential}</p>
          <p><a class="usa-link" href="/account/identity/credential">${words.getCredential}</a></p>`
}
