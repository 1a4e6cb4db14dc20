import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { notice } from '../../proofing/pages/result-parts.ts'

/** For a page on which somebody who stands in line might begin anew. */
export function placeNotice({ texts }: View): Html {
  const { place } = texts.credential
  return notice(
    'info',
    html`<p>${place.text} <a class="usa-link" href="/credential/line">${place.link}</a></p>`,
  )
}
