import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorSummary, postForm } from '../../pages/form-parts.ts'
import { pageOfWay } from '../second-ways.ts'
import { codeField } from './code-field.ts'
import { type OtherWays, otherWays } from './other-ways.ts'

export interface SecondCodeData extends OtherWays {
  readonly way: 'totp' | 'backup-codes'
  readonly error?: 'missing' | 'wrong'
}

/** Asks for a code after the password. What was typed does not come back: a code that was wrong once stays wrong. */
export function secondCodePage(view: View, { way, error, ...ways }: SecondCodeData): Html {
  const { account } = view.texts
  const words = way === 'totp' ? view.texts.factors.code : view.texts.factors.backupCode
  const message = error && words.errors[error]
  const { label, hint } = words
  const field = codeField(view.texts, { kind: way, label, hint, error: message })
  const content = html`<p class="lead">${words.lead}</p>
          ${postForm(view, {
            action: pageOfWay[way],
            content: html`<div class="usa-form">
            ${field}
            <div class="actions"><button class="usa-button">${ways.purpose === 'confirm' ? account.confirm.submit : words.send}</button></div>
          </div>`,
          })}
          ${otherWays(view.texts, ways)}`
  return layout(view, {
    title: words.title,
    errorSummary: errorSummary(view.texts, message ? [{ field: 'code', message }] : []),
    content,
  })
}
