import { type Html, html } from '../html.ts'
import { layout, type View } from '../layout.ts'

export interface Scenario {
  /** Scenarios of one group stand in one table, in the order in which they come. */
  readonly group: string
  readonly input: string
  readonly effect: string
}

/** A pretend document to download. */
export interface SpecimenFiles {
  readonly title: string
  /** Names of its files, the front first. */
  readonly files: readonly string[]
}

interface SandboxData {
  readonly scenarios: readonly Scenario[]
  readonly specimens: readonly SpecimenFiles[]
}

/** For development: the values to which the sandbox vendors react, and documents to photograph. */
export function sandboxPage(view: View, { scenarios, specimens }: SandboxData): Html {
  const { sandbox } = view.texts
  const groups = Map.groupBy(scenarios, ({ group }) => group)
  const content = html`<p class="lead">${sandbox.lead}</p>
          ${Array.from(groups, ([group, rows]) => html`<h2>${group}</h2>${table(view, rows)}`)}
          ${specimens.length > 0 && specimenTable(view, specimens)}`
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

function specimenTable({ texts }: View, specimens: readonly SpecimenFiles[]): Html {
  const { sandbox } = texts
  return html`<h2>${sandbox.specimens}</h2>
          <p>${sandbox.specimensLead}</p>
          <table class="scenarios">
            <thead><tr><th scope="col">${sandbox.specimen}</th><th scope="col">${sandbox.files}</th></tr></thead>
            <tbody>
              ${specimens.map(
                ({ title, files }) => html`<tr><th scope="row">${title}</th><td>
                ${files.map((file) => html`<a class="usa-link" href="/sandbox/specimens/${file}" download>${file}</a><br>`)}
              </td></tr>`,
              )}
            </tbody>
          </table>`
}
