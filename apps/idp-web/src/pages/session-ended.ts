import { type Html, html } from '../html.ts'
import { layout, type View } from '../layout.ts'

export function sessionEndedPage(
  view: View,
  { gaveUpPlace = false }: { gaveUpPlace?: boolean } = {},
): Html {
  const { sessionEnded } = view.texts
  const content = html`<p class="lead">${sessionEnded.text}</p>
          ${gaveUpPlace && html`<p>${sessionEnded.gaveUpPlace}</p>`}
          <h2>${sessionEnded.againTitle}</h2>
          <p>${sessionEnded.again}</p>
          <div class="actions"><a class="usa-button" href="/">${sessionEnded.start}</a></div>`
  return layout(view, { title: sessionEnded.title, content })
}
