import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { againAt, notice } from '../../proofing/pages/result-parts.ts'
import type { SecondPurpose } from '../half-sign-in.ts'
import { wayBack } from './other-ways.ts'

interface CodeLimited {
  /** Milliseconds since the epoch. */
  readonly retryAt: number
  readonly purpose: SecondPurpose
}

/** Too many wrong codes: says when the next one may be tried. */
export function codeLimitedPage(view: View, { retryAt, purpose }: CodeLimited): Html {
  const { limited } = view.texts.factors
  const content = html`${notice('warning', html`<p>${limited.text}</p>`)}
          <p>${againAt(view, retryAt)}</p>
          <p>${wayBack(view.texts, purpose)}</p>`
  return layout(view, { title: limited.title, scripts: ['local-time'], content })
}
