import { type Html, html } from '../html.ts'
import { layout, type View } from '../layout.ts'
import type { OpenapiDocument } from './openapi.ts'
import { examples } from './openapi-examples.ts'
import { type Answer, everywhere, type Operation, type Parameter } from './openapi-parts.ts'
import { type ProblemCode, problems } from './problems.ts'
import { commandsAt, verifyWebhook } from './reference-examples.ts'
import { type Entry, entries, joined, link, listing, words } from './reference-parts.ts'
import { aboutOf, schemaList, typeOf } from './reference-schemas.ts'
import { reasonWords, stateWords } from './words.ts'

/** The reference of the API for people, made of its OpenAPI document. It is for programmers, and in English alone. */
export function referencePage(view: View, api: OpenapiDocument): Html {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const { createTransfer = '', ...commands } = commandsAt(api.servers[0]?.url ?? '')
  const sections: readonly Section[] = [
    { id: 'begin', title: 'Begin', content: beginning(createTransfer) },
    { id: 'states', title: 'How a transfer stands', content: entries(wordList(stateWords)) },
    ...operations.map((it) => operationSection(it, commands[it.operation.operationId])),
    { id: 'webhooks', title: 'Webhooks', content: webhooks },
    { id: 'problems', title: 'What is refused', content: refusals },
    {
      id: 'reasons',
      title: 'Why a transfer fails or waits',
      content: html`<p>The member <code>problem</code> of a transfer says it.</p>
        ${entries(wordList(reasonWords, 'reason-'))}`,
    },
    { id: 'headers', title: 'Headers of answers', content: entries(headerList(api)) },
    { id: 'schemas', title: 'What is sent and answered', content: schemas(api) },
  ]
  return layout(view, {
    title: 'Moving documents: the API',
    content: html`
      <div class="api" lang="en">
        <p class="lead">Your program asks for a file to be moved from a source to one of your destinations, and is told how
          that ended.</p>
        <p>All of this is also there for programs, as <a class="usa-link" href="/api/openapi.json">OpenAPI 3.1</a>.</p>
        <nav aria-label="On this page">
          <ul class="usa-list api-contents">
            ${sections.map(({ id, title }) => html`<li><a class="usa-link" href="#${id}">${title}</a></li>`)}
          </ul>
        </nav>
        ${sections.map(({ id, title, content }) => html`<h2 id="${id}">${title}</h2>${content}`)}
      </div>`,
  })
}

interface Section {
  readonly id: string
  readonly title: string
  readonly content: Html
}

function beginning(command: string): Html {
  return html`<p>Every request shows a key, <code>at_…</code>, which you are given by those who run this. There are no cookies.</p>
    ${listing('A first request', `KEY='at_…'\n${command}`)}
    <p>The answer is <code>202</code> with the ${link('Transfer', 'Transfer')} and where to look it up (<code>Location</code>). From then on it ends
      in any case: within a day, or by <code>expires_at</code> if the source can be fetched no longer than that. Then it is like this:</p>
    ${listing('A transfer that was delivered', JSON.stringify(examples.Transfer, null, 2))}
    <ul class="usa-list">
      <li><strong>To wait for the end</strong>, ask with <code>Prefer: wait=20</code>; or have a <a class="usa-link" href="#webhooks">webhook</a>.</li>
      <li><strong>To ask again without harm</strong>, give each request a name, as <code>Idempotency-Key</code>: for 48 hours the same
        request under it makes no second transfer.</li>
      <li><strong>To be told why not</strong>, look at <code>code</code> of a <a class="usa-link" href="#problems">problem</a>, and at
        <code>problem</code> of a <a class="usa-link" href="#reasons">transfer</a>.</li>
    </ul>`
}

interface Described {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

function operationSection({ path, method, operation }: Described, command?: string): Section {
  const { operationId, summary, parameters = [], requestBody, responses } = operation
  const body = requestBody && schemaLink(requestBody.content['application/json']?.schema)
  const codes = Object.values(responses).flatMap((it) => it['x-problem-codes'] ?? [])
  const own = codes.filter((code) => !everywhere.some((it) => it === code))
  return {
    id: operationId,
    title: summary,
    content: html`<p class="api-call"><code>${method.toUpperCase()} ${path}</code></p>
      ${command !== undefined && listing(`Example: ${summary}`, command)}
      ${body && html`<h3>Body</h3><p>${body}, as JSON.</p>`}
      <h3>Parameters</h3>
      ${entries(parameters.map(parameterEntry))}
      <h3>Answers</h3>
      ${entries(Object.entries(responses).filter(isSuccess).map(answerEntry))}
      <p>Refused are those that <a class="usa-link" href="#problems">every operation</a> refuses${own.length > 0 && html`, and: ${joined(own.map(problemLink))}`}.</p>`,
  }
}

function parameterEntry({ name, in: where, required, description, schema }: Parameter): Entry {
  return {
    name,
    kind: `${where}, ${typeOf(schema)}${required ? ', required' : ''}`,
    about: html`${words(description)} ${aboutOf(schema)}`,
  }
}

const isSuccess = ([, { 'x-problem-codes': codes }]: [string, Answer]): boolean => !codes

function answerEntry([status, { description, headers = {}, content = {} }]: [
  string,
  Answer,
]): Entry {
  const names = Object.keys(headers).map((name) => html`<code>${name}</code>`)
  return {
    name: status,
    about: html`${description} ${schemaLink(content['application/json']?.schema)}, with ${joined(names)}.`,
  }
}

function schemaLink(schema: { readonly $ref: string } | undefined): Html | undefined {
  const name = schema?.$ref.split('/').at(-1)
  return name === undefined ? undefined : link(name, name)
}

const problemLink = (code: ProblemCode): Html => link(code, code)

const refusals = html`<p>What is refused is answered as <code>application/problem+json</code> (RFC 9457, ${link('Problem', 'Problem')}).
    Branch on <code>code</code>: it is never reused for something else. <code>errors</code> says where in the request something is
    wrong, and quotes nothing that was sent. After <code>429</code> and <code>503</code> come again when <code>Retry-After</code> says.</p>
    <p>Every operation may refuse with: ${joined(everywhere.map(problemLink))}.</p>
    ${entries(
      Object.entries(problems).map(([code, { status, title }]) => ({
        name: code,
        id: code,
        kind: `${status}`,
        about: html`${title}.`,
      })),
    )}`

const webhooks = html`<p>If your consumer has a webhook, it is posted a message when a transfer has ended, unless the request said
    <code>"webhook": false</code>. It names no file; ${link('WebhookMessage', 'WebhookMessage')} is what it says.</p>
    ${listing('Example: a message', JSON.stringify(examples.WebhookMessage, null, 2))}
    <p>Messages are signed as <a class="usa-link" href="https://www.standardwebhooks.com" rel="noreferrer">Standard Webhooks</a> 1.0.0, by your secret
      <code>whsec_…</code>, so its libraries verify them. Verify before you believe one; without a library, in Node:</p>
    ${listing('Verifying a message', verifyWebhook)}
    <ul class="usa-list">
      <li>Answer with any <code>2xx</code>, and do what takes long afterwards. <code>410</code> says that you want this message no more.</li>
      <li>Otherwise it is sent again: a few times within two minutes, then in later rounds for some days.</li>
      <li>A message may come more than once. <code>webhook-id</code> says so, and stays the same.</li>
      <li>For a day after the secret has changed, both sign: one of the signatures fits.</li>
    </ul>`

function wordList(all: Readonly<Record<string, string>>, prefix?: string): Entry[] {
  return Object.entries(all).map(([name, meaning]) => ({
    name,
    ...(prefix !== undefined && { id: prefix + name }),
    about: html`${words(meaning)}.`,
  }))
}

function headerList({ components: { headers } }: OpenapiDocument): Entry[] {
  return Object.entries(headers).map(([name, { description }]) => ({
    name,
    about: words(description),
  }))
}

function schemas({ components }: OpenapiDocument): Html {
  return html`${Object.entries(components.schemas).map(
    ([name, schema]) => html`<h3 id="${name}">${name}</h3>${schemaList(schema)}`,
  )}`
}
