import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { bulletList } from '../../proofing/pages/result-parts.ts'
import { linkMinutes } from '../email-links.ts'

/** The same for everybody: the message alone says whether there is an account. */
export function emailSentPage(view: View): Html {
  const { sent } = view.texts.account
  const content = html`<p class="lead">${sent.text(linkMinutes)}</p>
          <p>${sent.elsewhere} <a class="usa-link" href="/sign-in">${sent.signIn}</a></p>
          <h2>${sent.noneTitle}</h2>
          ${bulletList(sent.none)}
          <div class="actions">
            <a class="usa-link" href="/sign-up">${sent.signUp}</a>
            <a class="usa-link" href="/recover">${sent.recover}</a>
          </div>`
  return layout(view, { title: sent.title, content })
}
