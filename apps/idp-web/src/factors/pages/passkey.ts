import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { notice } from '../../proofing/pages/result-parts.ts'
import { beginningOf, type SecondPurpose } from '../half-sign-in.ts'
import { type OtherWays, otherWays } from './other-ways.ts'
import { passkeyForm } from './passkey-form.ts'

export interface PasskeyData {
  /** To sign in, or to show that the person is still there. */
  readonly purpose: SecondPurpose
  /** After the password: what else the account has. */
  readonly second?: OtherWays | undefined
  readonly isRefused?: boolean
}

export function passkeyPage(view: View, { purpose, second, isRefused }: PasskeyData): Html {
  const { passkey } = view.texts.factors
  const content = html`${isRefused && notice('error', html`<p>${passkey.refused}</p>`)}
          <p class="lead">${second ? passkey.halfLead : passkey.lead}</p>
          ${passkeyForm(view, { action: '/sign-in/passkey', button: passkey.use })}
          ${second ? otherWays(view.texts, second) : html`<p><a class="usa-link" href="${beginningOf[purpose]}">${passkey.password}</a></p>`}`
  const title = second ? passkey.halfTitle : titleOf(view, purpose)
  return layout(view, { title, scripts: ['passkey'], content })
}

function titleOf({ texts }: View, purpose: PasskeyData['purpose']): string {
  const { passkey } = texts.factors
  switch (purpose) {
    case 'sign-in':
      return passkey.title
    case 'confirm':
      return passkey.confirmTitle
  }
}
