import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import type { Check } from '../answer.ts'

/** Checks are paused. Leads back to where the person was, which shows this page again while it lasts. */
export function pausedPage(view: View, { check }: { readonly check: Check }): Html {
  const { title, text, kept, again } = view.texts.paused
  const { step, path } = places[check]
  const content = html`<p class="lead">${text}</p>
          <p>${kept[check === 'document-proofing' ? 'photos' : 'answers']}</p>
          <div class="actions"><a class="usa-button" href="${path}">${again}</a></div>`
  return layout(view, { title, step, content })
}

const places = {
  'document-proofing': { step: 'document', path: '/verify/document/photos' },
  'resolution-proofing': { step: 'details', path: '/verify/check' },
  'address-proofing': { step: 'phone', path: '/verify/phone' },
} as const satisfies Record<Check, { step: string; path: string }>
