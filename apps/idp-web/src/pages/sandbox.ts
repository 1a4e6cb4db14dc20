import type { DocumentProblem, DocumentType } from '@anteroom/job-contracts'
import { problemsBySide } from '../documents/pages/problems-by-side.ts'
import { type Html, html } from '../html.ts'
import { layout, type View } from '../layout.ts'

/** Values that are given in the same way. */
export interface ScenarioGroup {
  readonly title: string
  /** How they are given. */
  readonly hint: string
  readonly values: readonly Scenario[]
}

export interface Scenario {
  readonly input: string
  readonly effect: string
  /** To be chosen instead of a photo; only where the value is not typed. */
  readonly file?: { readonly name: string } | undefined
}

/** A pretend document to download. */
export interface SpecimenFiles {
  readonly title: string
  readonly documentType: DocumentType
  /** What a person is told who shows it. */
  readonly expected: 'read' | 'to-confirm' | readonly DocumentProblem[]
  /** Names of its files, the front first. */
  readonly files: readonly string[]
}

interface SandboxData {
  readonly groups: readonly ScenarioGroup[]
  readonly specimens: readonly SpecimenFiles[]
}

/** For development: documents to photograph, and the values to which the sandbox vendors react. */
export function sandboxPage(view: View, { groups, specimens }: SandboxData): Html {
  const { sandbox } = view.texts
  const content = html`<p class="lead">${sandbox.lead}</p>
          ${groups.map((group) => groupPart(view, group))}
          ${specimens.length > 0 && specimensPart(view, specimens)}`
  return layout(view, { title: sandbox.title, content })
}

function groupPart({ texts }: View, { title, hint, values }: ScenarioGroup): Html {
  const { sandbox } = texts
  const isTyped = values.every(({ file }) => file === undefined)
  return html`<h2>${title}</h2>
          <p>${hint}</p>
          ${table(
            [isTyped ? sandbox.input : sandbox.value, sandbox.effect],
            values.map(({ input, effect, file }) => [
              html`<code>${input}</code>${file && html`<br>${link(`/sandbox/files/${file.name}`, file.name)}`}`,
              effect,
            ]),
          )}`
}

function specimensPart(view: View, specimens: readonly SpecimenFiles[]): Html {
  const { documentCapture, sandbox } = view.texts
  return html`<h2>${sandbox.specimens}</h2>
          <p>${sandbox.specimensLead}</p>
          ${table(
            [sandbox.specimen, sandbox.choose, sandbox.effect],
            specimens.map((specimen) => [
              html`${specimen.title}${specimen.files.map((name) => html`<br>${link(`/sandbox/specimens/${name}`, name)}`)}`,
              documentCapture.choose.types[specimen.documentType].name,
              expectedText(view, specimen),
            ]),
          )}`
}

/** In the words with which the person is told. */
function expectedText({ texts }: View, { documentType, expected }: SpecimenFiles): Html | string {
  if (expected === 'read') return texts.sandbox.read
  if (expected === 'to-confirm') return texts.sandbox.toConfirm
  return html`${problemsBySide(texts, documentType, expected).map(
    ({ title, words }) => html`${title}: ${words.map(({ what }) => what).join(' ')}<br>`,
  )}`
}

/** The first cell of a row is its head. */
function table(heads: readonly string[], rows: readonly (readonly (Html | string)[])[]): Html {
  return html`<table class="scenarios">
            <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
            <tbody>
              ${rows.map(
                ([head, ...cells]) =>
                  html`<tr><th scope="row">${head}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
              )}
            </tbody>
          </table>`
}

function link(path: string, name: string): Html {
  return html`<a class="usa-link" href="${path}" download>${name}</a>`
}
