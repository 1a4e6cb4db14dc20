import { type Html, html } from '../../html.ts'
import { layout, type Page, type View } from '../../layout.ts'

/** A page within the account, with the way back to where its parts are listed. */
export function accountLayout(view: View, page: Page): Html {
  const { account } = view.texts
  const navigation = html`<nav class="account-nav" aria-label="${account.nav}">
          <a class="usa-link" href="/account">${account.nav}</a>
        </nav>`
  return layout(view, { ...page, navigation })
}
