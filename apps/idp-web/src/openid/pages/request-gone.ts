import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'

export function requestGonePage(view: View): Html {
  const { gone } = view.texts.openid
  const content = html`<p class="lead">${gone.text}</p>
          <div class="actions"><a class="usa-button" href="/">${gone.start}</a></div>`
  return layout(view, { title: gone.title, content })
}
