import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { notice } from '../../proofing/pages/result-parts.ts'
import { type OtherWays, otherWays } from './other-ways.ts'
import { passkeyForm } from './passkey-form.ts'

export interface PasskeyData {
  /** What it is for: to sign in, to go on after the password, or to show that the person is still there. */
  readonly purpose: 'sign-in' | 'second' | 'confirm'
  /** What else the account has, after the password. */
  readonly others: OtherWays
  readonly isRefused?: boolean
}

export function passkeyPage(view: View, { purpose, others, isRefused }: PasskeyData): Html {
  const { passkey } = view.texts.factors
  const content = html`${isRefused && notice('error', html`<p>${passkey.refused}</p>`)}
          <p class="lead">${purpose === 'second' ? passkey.halfLead : passkey.lead}</p>
          ${passkeyForm(view, { action: '/sign-in/passkey', button: passkey.use })}
          ${purpose === 'second' ? otherWays(view.texts, others) : html`<p><a class="usa-link" href="${purpose === 'confirm' ? '/sign-in/confirm' : '/sign-in'}">${passkey.password}</a></p>`}`
  return layout(view, { title: titleOf(view, purpose), scripts: ['passkey'], content })
}

function titleOf({ texts }: View, purpose: PasskeyData['purpose']): string {
  const { passkey } = texts.factors
  switch (purpose) {
    case 'sign-in':
      return passkey.title
    case 'second':
      return passkey.halfTitle
    case 'confirm':
      return passkey.confirmTitle
  }
}
