import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { Texts } from '../../texts/index.ts'
import type { FieldName } from '../details-form.ts'
import type { Details } from '../person-data.ts'
import { longDate } from './dates.ts'

export function checkPage(view: View, { details }: { readonly details: Details }): Html {
  const { check } = view.texts
  const content = html`<p class="lead">${check.lead}</p>
          <dl class="answers">
            ${rows(view.texts, details).map((row) => answerRow(check.change, row))}
          </dl>
          <h2>${check.nextTitle}</h2>
          <p>${check.next}</p>
          <div class="actions">
            ${postForm(view, { action: '/verify/check', content: html`<button class="usa-button">${check.send}</button>` })}
          </div>`
  return layout(view, { title: check.title, step: 'check', content })
}

interface AnswerRow {
  readonly name: string
  readonly value: Html | string
  readonly field: FieldName
}

function rows({ check, details: words, language }: Texts, details: Details): readonly AnswerRow[] {
  const { names } = check
  return [
    { name: names.name, field: 'firstName', value: `${details.firstName} ${details.lastName}` },
    { name: names.birth, field: 'birthMonth', value: longDate(language, details.dateOfBirth) },
    { name: names.address, field: 'address1', value: addressOf(details) },
    {
      name: names.stateId,
      field: 'stateIdJurisdiction',
      value: html`${details.stateIdNumber}<br>${words.states[details.stateIdJurisdiction]}`,
    },
    { name: names.ssn, field: 'ssn', value: hiddenSsn(check, details.ssn) },
  ]
}

function answerRow(change: string, { name, value, field }: AnswerRow): Html {
  return html`<div class="answers__row">
              <dt class="answers__name">${name}</dt>
              <dd class="answers__value">${value}</dd>
              <dd class="answers__change"><a class="usa-link" href="/verify/details#${field}">${change}<span class="usa-sr-only"> ${name}</span></a></dd>
            </div>`
}

function addressOf({ address1, address2, city, state, zipCode }: Details): Html {
  return html`${address1}<br>${address2 && html`${address2}<br>`}${city}, ${state} ${zipCode}`
}

/** The last four digits; the rest behind a click that needs no script. */
function hiddenSsn(check: Texts['check'], ssn: string): Html {
  const [area, group, serial] = [ssn.slice(0, 3), ssn.slice(3, 5), ssn.slice(5)]
  return html`<span class="digits" aria-hidden="true">•••-••-${serial}</span><span class="usa-sr-only">${check.ssnEnding(serial)}</span>
                <details class="reveal"><summary>${check.ssnReveal}</summary><span class="digits">${area}-${group}-${serial}</span></details>`
}
