import { type Html, html } from '../html.ts'
import { layout, type View } from '../layout.ts'

export interface Scenario {
  /** Scenarios of one group stand in one table, in the order in which they come. */
  readonly group: string
  readonly input: string
  readonly effect: string
}

/** For development: the values to which the sandbox vendors react. */
export function sandboxPage(view: View, { scenarios }: { scenarios: readonly Scenario[] }): Html {
  const { sandbox } = view.texts
  const groups = Map.groupBy(scenarios, ({ group }) => group)
  const content = html`<p class="lead">${sandbox.lead}</p>
          ${Array.from(groups, ([group, rows]) => html`<h2>${group}</h2>${table(view, rows)}`)}`
  return layout(view, { title: sandbox.title, content })
}

function table({ texts }: View, rows: readonly Scenario[]): Html {
  const { sandbox } = texts
  return html`<table class="scenarios">
            <thead><tr><th scope="col">${sandbox.input}</th><th scope="col">${sandbox.effect}</th></tr></thead>
            <tbody>
              ${rows.map(({ input, effect }) => html`<tr><th scope="row"><code>${input}</code></th><td>${effect}</td></tr>`)}
            </tbody>
          </table>`
}
