import { type Html, html } from '@anteroom/html'
import type { ConsolePage, View } from './layout.ts'

export interface Question {
  readonly title: string
  /** What will be so then. */
  readonly effect: string
  /** What it is about. */
  readonly about: Html
  readonly action: string
  readonly button: string
  /** Whether it cannot be taken back. */
  readonly isFinal: boolean
  /** What the form brings along. */
  readonly fields?: readonly (readonly [string, string])[]
  /** Where to go instead. */
  readonly back: string
}

/** Asks once more before anything is done. */
export function confirmPage(question: Question, { csrfToken }: View): ConsolePage {
  const { title, effect, about, action, button, isFinal, fields = [], back } = question
  const content = html`<p>${effect}</p>
      ${about}
      <form method="post" action="${action}">
        <input type="hidden" name="csrf" value="${csrfToken}">
        ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
        <p class="actions">
          <button class="button${isFinal && ' danger'}">${button}</button>
          <a class="button quiet" href="${back}">Do nothing</a>
        </p>
      </form>`
  return { title, content }
}
