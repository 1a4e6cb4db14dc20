import { type Html, html } from '../html.ts'

/** What is known, by name: a list of terms and what they are. */
export function facts(rows: readonly (readonly [name: string, value: string])[]): Html {
  return html`<dl class="answers">
            ${rows.map(
              ([name, value]) => html`<div class="answers__row">
              <dt class="answers__name">${name}</dt>
              <dd class="answers__value">${value}</dd>
            </div>`,
            )}
          </dl>`
}
