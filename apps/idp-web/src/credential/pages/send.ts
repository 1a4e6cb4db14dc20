import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorMessage, errorSummary, postForm } from '../../pages/form-parts.ts'
import { bulletList, notice, soonAt } from '../../proofing/pages/result-parts.ts'

/** An agency that takes credentials. */
export interface Agency {
  readonly id: string
  readonly name: string
}

export const sendPath = '/credential/send'
export const agencyPath = (id: string): string => `${sendPath}/${id}`

/** Which agencies there are. @param closed The name of one that took them until just now. */
export function agenciesPage(view: View, list: readonly Agency[], closed?: string): Html {
  const { agencies } = view.texts.sendCredential
  const content = html`${closed !== undefined && notice('warning', html`<p>${agencies.closed(closed)}</p>`)}
          ${list.length === 0 ? html`<p>${agencies.none}</p>` : choice(view, list)}
          <p><a class="usa-link" href="/credential">${agencies.back}</a></p>`
  return layout(view, { title: agencies.title, content })
}

function choice({ texts }: View, list: readonly Agency[]): Html {
  const { agencies } = texts.sendCredential
  return html`<p class="lead">${agencies.lead}</p>
          <h2>${agencies.choose}</h2>
          <ul class="usa-list">
            ${list.map(({ id, name }) => html`<li><a class="usa-link" href="${agencyPath(id)}">${name}</a></li>`)}
          </ul>
          <p>${agencies.next}</p>`
}

/** What is sent to whom, before anything is. @param error They did not tick the box. */
export function sendConsentPage(view: View, { id, name }: Agency, error = false): Html {
  const { consent } = view.texts.sendCredential
  const errors = error ? [{ field: 'agree', message: consent.missing }] : []
  const content = html`<p class="lead">${consent.lead}</p>
          <h2>${consent.whatTitle}</h2>
          ${bulletList(consent.what)}
          <h2>${consent.whoTitle}</h2>
          <p>${consent.who(name)}</p>
          <h2>${consent.finalTitle}</h2>
          <p>${consent.final}</p>
          <h2>${consent.keepTitle}</h2>
          ${bulletList(consent.keep)}
          ${postForm(view, { action: agencyPath(id), content: agreement(view, name, error) })}
          <p><a class="usa-link" href="/credential">${consent.back}</a></p>`
  return layout(view, {
    title: consent.title(name),
    errorSummary: errorSummary(view.texts, errors),
    content,
  })
}

function agreement({ texts }: View, name: string, error: boolean): Html {
  const { consent } = texts.sendCredential
  return html`<fieldset class="usa-fieldset agreement">
            <legend class="usa-sr-only">${consent.agreeLegend}</legend>
            <div class="usa-form-group${error && ' usa-form-group--error'}">
              ${errorMessage(texts, 'agree-error', error ? consent.missing : undefined)}
              <div class="usa-checkbox">
                <input class="usa-checkbox__input" type="checkbox" id="agree" name="agree" value="yes"${error && html` aria-describedby="agree-error" aria-invalid="true"`}>
                <label class="usa-checkbox__label" for="agree">${consent.agree(name)}</label>
              </div>
            </div>
          </fieldset>
          <div class="actions"><button class="usa-button" name="how" value="send">${consent.send}</button></div>
          <h2>${consent.codeTitle}</h2>
          <p>${consent.code}</p>
          <div class="actions"><button class="usa-button usa-button--outline" name="how" value="code">${consent.codeButton}</button></div>`
}

/** The one time that a code is shown. @param goodUntil Milliseconds since the epoch. */
export function consentCodePage(
  view: View,
  { id, name }: Agency,
  { code: made, goodUntil }: { readonly code: string; readonly goodUntil: number },
): Html {
  const { code } = view.texts.sendCredential
  const content = html`<p class="lead">${code.lead(name)}</p>
          <p class="consent-code"><span class="usa-sr-only">${code.label}</span> ${made}</p>
          <p>${soonAt(view, code.until, goodUntil)}</p>
          ${bulletList(code.rules)}
          <div class="actions"><a class="usa-button" href="${agencyPath(id)}/sent">${code.status}</a></div>`
  return layout(view, { title: code.title, scripts: ['local-time'], content })
}
