import { type Html, html } from '../html.ts'
import { layout, type View } from '../layout.ts'

export function otherWaysPage(view: View): Html {
  const { otherWays } = view.texts
  const content = html`<p class="lead">${otherWays.lead}</p>
          ${otherWays.ways.map(({ title, text }) => html`<h2>${title}</h2><p>${text}</p>`)}
          <div class="other-way">
            <h2>${otherWays.backTitle}</h2>
            <p><a class="usa-link" href="/">${otherWays.back}</a></p>
          </div>`
  return layout(view, { title: otherWays.title, content })
}
