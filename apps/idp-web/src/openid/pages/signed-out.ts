import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'

export function signedOutPage(view: View): Html {
  const { signedOut } = view.texts.openid
  const content = html`<p class="lead">${signedOut.text}</p>
          <div class="actions"><a class="usa-button" href="/">${signedOut.start}</a></div>`
  return layout(view, { title: signedOut.title, content })
}
