import { type Html, html } from '../html.ts'
import { layout, type View } from '../layout.ts'

export function sessionEndedPage(view: View): Html {
  const { sessionEnded } = view.texts
  const content = html`<p class="lead">${sessionEnded.text}</p>
          <h2>${sessionEnded.againTitle}</h2>
          <p>${sessionEnded.again}</p>
          <div class="actions"><a class="usa-button" href="/">${sessionEnded.start}</a></div>`
  return layout(view, { title: sessionEnded.title, content })
}
