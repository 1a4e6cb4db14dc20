import type { Html } from '../../html.ts'
import { layout, type Page, type View } from '../../layout.ts'

/** A page within the account. */
export function accountLayout(view: View, page: Page): Html {
  return layout(view, page)
}
