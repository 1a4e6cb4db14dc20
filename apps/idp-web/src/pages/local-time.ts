import { type Html, html } from '../html.ts'
import type { View } from '../layout.ts'
import { dateAndTime } from '../proofing/pages/dates.ts'

/** A moment, in the person's own time where scripts run. A page with this loads the script `local-time`. */
export function localTime({ texts }: View, moment: number): Html {
  const shown = dateAndTime(texts.language, moment)
  return html`<time datetime="${new Date(moment).toISOString()}" data-local-time>${shown}</time>`
}
