import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'

/** There is no room for another form with photos. */
export function busyPage(view: View): Html {
  const { title, text, back } = view.texts.documentCapture.photos.busy
  const content = html`<p class="lead">${text}</p>
          <div class="actions"><a class="usa-button" href="/verify/document/photos">${back}</a></div>`
  return layout(view, { title, step: 'document', content })
}
