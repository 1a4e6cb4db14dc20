import { jobs } from '@anteroom/job-contracts'
import { placeNotice } from '../../credential/pages/place-notice.ts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorMessage, errorSummary, postForm } from '../../pages/form-parts.ts'
import type { KeepTimes } from '../../texts/en/beginning.ts'
import type { WaitingPartner } from '../waiting-partner.ts'
import { backToPartner } from './result-parts.ts'

/** Whether what is found out will be somebody's. */
export type AccountHere = 'own' | 'none'

interface ConsentData {
  readonly error?: boolean
  /** They stand in line for a credential. */
  readonly hasPlace?: boolean
  /** Undefined where there are no accounts. */
  readonly account?: AccountHere | undefined
  /** Whether they may choose at the end to have their details kept. */
  readonly mayKeep?: boolean
  readonly partner?: WaitingPartner | undefined
}

export function consentPage(
  view: View,
  { error = false, hasPlace = false, account, mayKeep = false, partner }: ConsentData,
): Html {
  const { consent, identity } = view.texts
  const keep = [
    ...(view.documents ? [consent.keepPhotos] : []),
    ...(account === 'own' ? [identity.consent.own] : []),
    ...(account === 'own' && mayKeep ? [identity.consent.mayKeep] : []),
    ...consent.keep(keepTimes(view)),
  ]
  const errors = error ? [{ field: 'consent', message: consent.missing }] : []
  const content = html`<p class="lead">${consent.lead}</p>
          ${hasPlace && placeNotice(view)}
          ${sectionsOf(view).map(({ title, text }) => html`<h2>${title}</h2><p>${text}</p>`)}
          <h2>${consent.keepTitle}</h2>
          <ul class="usa-list">${keep.map((item) => html`<li>${item}</li>`)}</ul>
          ${account === 'none' && signInFirst(view)}
          <h2>${consent.refuseTitle}</h2>
          <p>${consent.refuse}</p>
          <p><a class="usa-link" href="/other-ways">${consent.refuseLink}</a></p>
          ${partner && backToPartner(view, partner)}
          ${postForm(view, { action: '/verify/consent', content: choice(view, error) })}`
  return layout(view, {
    title: consent.title,
    step: 'consent',
    errorSummary: errorSummary(view.texts, errors),
    content,
  })
}

function signInFirst({ texts }: View): Html {
  const { consent } = texts.identity
  return html`<h2>${consent.noneTitle}</h2>
          <p>${consent.none}</p>
          <p><a class="usa-link" href="/verify/sign-in">${consent.signIn}</a></p>`
}

function sectionsOf({ texts, documents, vendorMayRead }: View) {
  const { why, collect, ask, photos } = texts.consent
  if (!documents) return [why, collect, ask]
  return [
    why,
    { title: collect.title, text: collect.textWithPhotos },
    { title: ask.title, text: vendorMayRead ? `${ask.text} ${ask.photos}` : ask.text },
    photos,
  ]
}

/** The page is shown within a session that has just begun: what is left of it is how long it may last. */
function keepTimes({ session }: View): KeepTimes {
  return {
    minutes: Math.round((session?.idleSeconds ?? 900) / 60),
    hours: Math.ceil((session?.absoluteSecondsLeft ?? 43_200) / 3_600),
    outcomeSeconds: jobs.resolutionProofing.outcomeSeconds,
  }
}

function choice({ texts }: View, error: boolean): Html {
  const { consent } = texts
  return html`<fieldset class="usa-fieldset agreement">
            <legend class="usa-sr-only">${consent.agreeLegend}</legend>
            <div class="usa-form-group${error && ' usa-form-group--error'}">
              ${errorMessage(texts, 'consent-error', error ? consent.missing : undefined)}
              <div class="usa-checkbox">
                <input class="usa-checkbox__input" type="checkbox" id="consent" name="consent" value="yes"${error && html` aria-describedby="consent-error" aria-invalid="true"`}>
                <label class="usa-checkbox__label" for="consent">${consent.agree}</label>
              </div>
            </div>
          </fieldset>
          <div class="actions"><button class="usa-button">${consent.next}</button></div>`
}
