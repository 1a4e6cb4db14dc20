import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorSummary, postForm } from '../../pages/form-parts.ts'
import { pageOfWay } from '../second-ways.ts'
import { codeField } from './code-field.ts'
import { type OtherWays, otherWays } from './other-ways.ts'

export interface SecondCodeData {
  readonly way: 'totp' | 'backup-codes'
  readonly others: OtherWays
  readonly error?: 'missing' | 'wrong'
}

/** Asks for a code after the password. */
export function secondCodePage(view: View, { way, others, error }: SecondCodeData): Html {
  const words = way === 'totp' ? view.texts.factors.code : view.texts.factors.backupCode
  const message = error && words.errors[error]
  const { label, hint } = words
  const field = codeField(view.texts, { kind: way, label, hint, error: message })
  const content = html`<p class="lead">${words.lead}</p>
          ${postForm(view, {
            action: pageOfWay[way],
            content: html`<div class="usa-form">
            ${field}
            <div class="actions"><button class="usa-button">${words.send}</button></div>
          </div>`,
          })}
          ${otherWays(view.texts, others)}`
  return layout(view, {
    title: words.title,
    errorSummary: errorSummary(view.texts, message ? [{ field: 'code', message }] : []),
    content,
  })
}
