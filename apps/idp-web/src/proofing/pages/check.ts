import type { ReadDocument } from '@anteroom/job-contracts'
import { addressLines } from '../../documents/pages/read-rows.ts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { Texts } from '../../texts/index.ts'
import type { FieldName } from '../details-form.ts'
import type { Details } from '../person-data.ts'
import { longDate } from './dates.ts'

export interface CheckData {
  readonly details: Details
  /** Where one was read: some answers are the document's, and are changed by other photos. */
  readonly document?: ReadDocument | undefined
}

export function checkPage(view: View, data: CheckData): Html {
  const { check, documentRead } = view.texts
  const lead = data.document ? documentRead.fromDocument.checkLead : check.lead
  const content = html`<p class="lead">${lead}</p>
          <dl class="answers">
            ${rows(view.texts, data).map((row) => answerRow(check.change, row))}
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
  /** Where the answer can be changed. */
  readonly href: string
}

function rows(texts: Texts, { details, document }: CheckData): readonly AnswerRow[] {
  const { names } = texts.check
  const read = '/verify/document/read'
  return [
    {
      name: names.name,
      href: document ? read : hrefOf('firstName'),
      value: `${details.firstName} ${details.lastName}`,
    },
    {
      name: names.birth,
      href: document ? read : hrefOf('birthMonth'),
      value: longDate(texts.language, details.dateOfBirth),
    },
    {
      name: names.address,
      href: hrefOf('address1'),
      value: addressValue(texts, { details, document }),
    },
    ...stateIdRow(texts, { details, document }),
    { name: names.ssn, href: hrefOf('ssn'), value: hiddenSsn(texts.check, details.ssn) },
  ]
}

function hrefOf(field: FieldName): string {
  return `/verify/details#${field}`
}

/** Where there is a document, it is said whether the address is the one on it. */
function addressValue(texts: Texts, { details, document }: CheckData): Html {
  const lines = addressLines(details)
  if (!document) return lines
  return html`${lines}<br><span class="usa-hint">${addressSource(texts, details, document)}</span>`
}

function addressSource(texts: Texts, details: Details, { address }: ReadDocument): string {
  const { read, typed, typedHere } = texts.documentRead.fromDocument
  if (!address) return typedHere
  return addressFields.every((field) => address[field] === details[field]) ? read : typed
}

const addressFields = ['address1', 'address2', 'city', 'state', 'zipCode'] as const

/** Who shows a passport need have no state's card. */
function stateIdRow(texts: Texts, { details, document }: CheckData): readonly AnswerRow[] {
  const { stateIdNumber, stateIdJurisdiction } = details
  if (stateIdNumber === undefined || stateIdJurisdiction === undefined) return []
  const isRead = document !== undefined && document.type !== 'passport'
  return [
    {
      name: texts.check.names.stateId,
      href: isRead ? '/verify/document/read' : hrefOf('stateIdJurisdiction'),
      value: html`${stateIdNumber}<br>${texts.details.states[stateIdJurisdiction]}`,
    },
  ]
}

function answerRow(change: string, { name, value, href }: AnswerRow): Html {
  return html`<div class="answers__row">
              <dt class="answers__name">${name}</dt>
              <dd class="answers__value">${value}</dd>
              <dd class="answers__change"><a class="usa-link" href="${href}">${change}<span class="usa-sr-only"> ${name}</span></a></dd>
            </div>`
}

/** The last four digits; the rest behind a click that needs no script. */
function hiddenSsn(check: Texts['check'], ssn: string): Html {
  const [area, group, serial] = [ssn.slice(0, 3), ssn.slice(3, 5), ssn.slice(5)]
  return html`<span class="digits" aria-hidden="true">•••-••-${serial}</span><span class="usa-sr-only">${check.ssnEnding(serial)}</span>
                <details class="reveal"><summary>${check.ssnReveal}</summary><span class="digits">${area}-${group}-${serial}</span></details>`
}
