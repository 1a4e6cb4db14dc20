import { type Html, html } from '../../html.ts'
import { notice } from '../../proofing/pages/result-parts.ts'

/** What the operators want everybody in the line to know. */
export function operatorNotice(message: string | undefined): Html | undefined {
  return message === undefined ? undefined : notice('info', html`<p>${message}</p>`)
}
