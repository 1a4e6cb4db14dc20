import { z } from 'zod'
import { type Html, html } from '../html.ts'
import { layout, type View } from '../layout.ts'
import type { OpenapiDocument } from './openapi.ts'
import type { Answer, Operation, Parameter } from './openapi-parts.ts'
import { problems } from './problems.ts'

/** The reference of the API for people, made of its OpenAPI document. It is for programmers, and in English alone. */
export function referencePage(view: View, api: OpenapiDocument): Html {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return layout(view, {
    title: 'Moving documents: the API',
    content: html`
      <div lang="en">
        <p>Your program asks for a file to be moved from a source to one of your destinations, and is told how that ended.
          Every request shows a key: <code>Authorization: Bearer at_…</code>. The whole of this is also there as
          <a class="usa-link" href="/api/openapi.json">OpenAPI 3.1</a>.</p>
        <nav aria-label="On this page">
          <ul class="usa-list">
            ${operations.map(({ operation }) => html`<li><a class="usa-link" href="#${operation.operationId}">${operation.summary}</a></li>`)}
            <li><a class="usa-link" href="#schemas">What is sent and answered</a></li>
            <li><a class="usa-link" href="#problems">Problems</a></li>
          </ul>
        </nav>
        ${operations.map(operationSection)}
        <h2 id="schemas">What is sent and answered</h2>
        ${Object.entries(api.components.schemas).map(schemaSection)}
        <h2 id="problems">Problems</h2>
        <p>What is refused is answered as <code>application/problem+json</code> (RFC 9457). Branch on
          <code>code</code>: it is never reused for something else.</p>
        ${table(
          'Codes of problems',
          ['Code', 'Status', 'What it says'],
          Object.entries(problems).map(([code, { status, title }]) => [
            html`<code id="${code}">${code}</code>`,
            status,
            title,
          ]),
        )}
      </div>`,
  })
}

interface Described {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

function operationSection({ path, method, operation }: Described): Html {
  const { operationId, summary, parameters = [], responses } = operation
  return html`<h2 id="${operationId}">${summary}</h2>
    <p><code>${method.toUpperCase()} ${path}</code></p>
    ${parameters.length > 0 && table(`Parameters of ${operationId}`, ['Parameter', 'In', 'What it is'], parameters.map(parameterRow))}
    ${table(`Answers of ${operationId}`, ['Status', 'When'], Object.entries(responses).map(answerRow))}`
}

function parameterRow({ name, in: where, description }: Parameter): Cell[] {
  return [html`<code>${name}</code>`, where, description]
}

function answerRow([status, { description }]: [string, Answer]): Cell[] {
  return [html`<code>${status}</code>`, description]
}

/** As much of a JSON Schema as a table shows. */
const shown = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  required: z.array(z.string()).default([]),
  properties: z.record(z.string(), z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  items: z.unknown().optional(),
})

function schemaSection([name, schema]: [string, object]): Html {
  return html`<h3 id="${name}">${name}</h3>
    ${table(`Members of ${name}`, ['Member', 'Type', 'What it is'], membersOf(schema, ''))}`
}

/** One row for each member, those of a member below it. */
function membersOf(schema: unknown, prefix: string): Cell[][] {
  const { properties = {}, required, oneOf = [] } = shown.parse(schema)
  const own = Object.entries(properties).flatMap(([name, member]) => {
    const path = `${prefix}${name}`
    const { description = '' } = shown.parse(member)
    const row: Cell[] = [
      html`<code>${path}</code>${required.includes(name) && ' *'}`,
      typeOf(member),
      description,
    ]
    return [row, ...membersOf(member, `${path}.`)]
  })
  return [...own, ...oneOf.flatMap((one) => membersOf(one, prefix))]
}

function typeOf(schema: unknown): string {
  const {
    type,
    enum: values,
    const: only,
    anyOf,
    oneOf,
    items,
    default: given,
  } = shown.parse(schema)
  const alternatives = anyOf ?? oneOf
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' or ')
  const kind =
    values?.map(String).join(', ') ??
    (only === undefined ? type && [type].flat().join(' or ') : String(only)) ??
    'anything'
  const list = items === undefined ? kind : `list of ${typeOf(items)}`
  return given === undefined ? list : `${list}; ${JSON.stringify(given)} if left out`
}

type Cell = Html | string | number

/** Scrolls by itself where it is too wide, also by keyboard. */
function table(name: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  return html`<div class="usa-table-container--scrollable" tabindex="0" role="region" aria-label="${name}">
      <table class="usa-table usa-table--borderless">
        <thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<tr>${row.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}</tr>`)}</tbody>
      </table>
    </div>`
}
