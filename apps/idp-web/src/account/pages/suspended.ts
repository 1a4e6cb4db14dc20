import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'

/** Says nothing of any account: who comes here by the address alone learns nothing. */
export function suspendedPage(view: View): Html {
  const { suspended, start } = view.texts.account
  const content = html`<p class="lead">${suspended.text}</p>
          <p>${suspended.why}</p>
          <div class="actions"><a class="usa-link" href="/">${start}</a></div>`
  return layout(view, { title: suspended.title, content })
}
