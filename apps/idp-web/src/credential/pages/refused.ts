import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import type { Joined } from '../../line/line.ts'
import { postForm } from '../../pages/form-parts.ts'
import { againAt, notice, otherWay, soonAt } from '../../proofing/pages/result-parts.ts'
import { operatorNotice } from './operator-notice.ts'

/** `off`: the web has its jobs turned off, so that nobody would be called. */
export type Refusal = Exclude<Joined, { state: 'in-line' }> | { readonly state: 'off' }

/** Somebody is not let into the line: why, and what they can do. */
export function refusedPage(
  view: View,
  { refusal, message }: { refusal: Refusal; message?: string | undefined },
): Html {
  const { refused } = view.texts.credential
  switch (refusal.state) {
    case 'full':
      return page(
        view,
        refused.full,
        untilThen(view, soonAt(view, refused.full.again, refusal.returnAt)),
      )
    case 'limited':
      return page(view, refused.limited, untilThen(view, againAt(view, refusal.retryAt)))
    case 'closed':
      return page(view, refused.closed, operatorNotice(message))
    case 'off':
      return page(view, refused.off)
    case 'busy-elsewhere':
      return page(view, refused.busyElsewhere)
  }
}

interface Words {
  readonly title: string
  readonly text: string
  readonly note: string
}

function page(view: View, { title, text, note }: Words, further?: Html): Html {
  const content = html`${notice('warning', html`<p>${text}</p>`)}
          ${further}
          <p>${note}</p>
          ${otherWay(view)}`
  return layout(view, { title, content, scripts: ['local-time'] })
}

function untilThen(view: View, again: Html): Html {
  const { refused } = view.texts.credential
  return html`<h2>${refused.full.againTitle}</h2>
          <p>${again}</p>
          <div class="actions">
            ${postForm(view, { action: '/credential/request', content: html`<button class="usa-button usa-button--outline">${refused.again}</button>` })}
          </div>`
}
