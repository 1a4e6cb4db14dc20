import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import type { Partner } from '../partners.ts'

/** Goes on by itself at once, with scripts and without; the link is for a browser that does not. */
export function goingOnPage(
  view: View,
  { url, partner }: { readonly url: string; readonly partner: Partner },
): Html {
  const { goingOn } = view.texts.openid
  const content = html`<p class="lead">${goingOn.lead(partner.name)}</p>
          <div class="actions"><a class="usa-button" href="${url}">${goingOn.link}</a></div>`
  const head = html`<meta http-equiv="refresh" content="0; url=${url}">`
  return layout(view, { title: goingOn.title, content, head })
}
