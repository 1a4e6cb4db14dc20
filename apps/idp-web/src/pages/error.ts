import { type Html, html } from '../html.ts'
import { layout, type View } from '../layout.ts'
import type { ErrorStatus } from '../plugins/http-error.ts'

/** The page of a status. It is the same for everyone and repeats nothing of the request. */
export function errorPage(view: View, { status }: { readonly status: ErrorStatus }): Html {
  const { errors } = view.texts
  const { title, text } = errors.pages[status]
  const content = html`<p class="lead">${text}</p>
          <div class="actions"><a class="usa-button" href="/">${errors.start}</a></div>`
  return layout(view, { title, content })
}
