import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'

export function signOutPage(view: View): Html {
  return view.account === 'signed-in' ? askPage(view) : signedOutPage(view)
}

function askPage(view: View): Html {
  const { signedOut, confirm } = view.texts.account
  const button = html`<button class="usa-button">${signedOut.submit}</button>`
  const content = html`<p class="lead">${signedOut.ask}</p>
          <div class="actions">
            ${postForm(view, { action: '/sign-out', content: button })}
            <a class="usa-link" href="/account">${confirm.back}</a>
          </div>`
  return layout(view, { title: signedOut.askTitle, content })
}

function signedOutPage(view: View): Html {
  const { signedOut, start } = view.texts.account
  const content = html`<p class="lead">${signedOut.text}</p>
          <div class="actions">
            <a class="usa-button" href="/sign-in">${signedOut.again}</a>
            <a class="usa-link" href="/">${start}</a>
          </div>`
  return layout(view, { title: signedOut.title, content })
}
