import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { againAt } from '../../proofing/pages/result-parts.ts'

export interface LimitedData {
  /** Milliseconds since the epoch. */
  readonly retryAt: number
  /** Where there is a way that need not wait. */
  readonly canRecover?: boolean
}

/** Too many guesses: says when the next one is free. */
export function guessesLimitedPage(view: View, { retryAt, canRecover }: LimitedData): Html {
  const { limited, recover } = view.texts.account
  const content = html`<p class="lead">${limited.text}</p>
          <h2>${limited.againTitle}</h2>
          <p>${againAt(view, retryAt)}</p>
          ${
            canRecover &&
            html`<p>${limited.recover}</p>
          <div class="actions"><a class="usa-button" href="/recover">${recover.title}</a></div>`
          }`
  return layout(view, { title: limited.title, scripts: ['local-time'], content })
}
