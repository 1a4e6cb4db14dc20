import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'

export interface PasskeyForm {
  /** Where the browser's answer is sent. */
  readonly action: '/sign-in/passkey' | '/account/factors/passkey'
  readonly button: string
}

/**
 * A button that asks the browser for a passkey, or to make one, and sends what it answers. A page with this loads the
 * script `passkey`, without which there is no button. Where a field of the page has the autocomplete `webauthn`, the
 * browser also offers the passkeys it has there.
 */
export function passkeyForm(view: View, { action, button }: PasskeyForm): Html {
  const { passkey, addPasskey } = view.texts.factors
  return html`<div data-passkey data-cancelled="${passkey.cancelled}" data-failed="${passkey.failed}" data-known="${addPasskey.known}" data-unsupported="${passkey.unsupported}">
            <noscript><p>${passkey.noScripts}</p></noscript>
            <p class="passkey-trouble" role="alert" data-passkey-trouble></p>
            ${postForm(view, {
              action,
              content: html`<input type="hidden" name="answer" value="">
            <div class="actions" data-passkey-button hidden><button class="usa-button">${button}</button></div>`,
            })}
          </div>`
}
