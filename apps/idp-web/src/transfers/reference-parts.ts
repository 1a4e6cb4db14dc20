import { type Html, html } from '../html.ts'

/** A name, what kind of thing it is, and what there is to say of it. */
export interface Entry {
  readonly name: string
  /** By which links lead here. */
  readonly id?: string
  readonly kind?: string
  readonly about: Html
}

export function entries(list: readonly Entry[]): Html {
  return html`<dl class="api-list">${list.map(
    ({ name, id, kind, about }) =>
      html`<div${id !== undefined && html` id="${id}"`}><dt><code>${name}</code>${kind !== undefined && html` <span class="api-kind">${kind}</span>`}</dt><dd>${about}</dd></div>`,
  )}</dl>`
}

/** Lines that are not broken: they scroll by themselves, also by keyboard. */
export function listing(name: string, text: string): Html {
  return html`<pre class="api-code" tabindex="0" role="region" aria-label="${name}"><code>${text}</code></pre>`
}

export function link(to: string, text: string): Html {
  return html`<a class="usa-link" href="#${to}"><code>${text}</code></a>`
}

/** What stands between backticks is code. */
export function words(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}

/** With something between them. */
export function joined(parts: readonly Html[], between = ', '): Html {
  return html`${parts.map((part, index) => html`${index > 0 && between}${part}`)}`
}
