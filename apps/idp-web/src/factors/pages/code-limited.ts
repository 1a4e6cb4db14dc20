import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { againAt, notice } from '../../proofing/pages/result-parts.ts'

/** Too many wrong codes: says when the next one may be tried. @param retryAt Milliseconds since the epoch. */
export function codeLimitedPage(view: View, retryAt: number): Html {
  const { limited, others } = view.texts.factors
  const content = html`${notice('warning', html`<p>${limited.text}</p>`)}
          <p>${againAt(view, retryAt)}</p>
          <p><a class="usa-link" href="/sign-in">${others.restart}</a></p>`
  return layout(view, { title: limited.title, scripts: ['local-time'], content })
}
