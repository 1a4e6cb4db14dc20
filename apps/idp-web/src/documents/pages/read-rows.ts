import type { DocumentType, ReadDocument } from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { longDate } from '../../proofing/pages/dates.ts'
import type { Details } from '../../proofing/person-data.ts'
import type { Texts } from '../../texts/index.ts'

/** What was read from a document, as a list of names and values. */
export function readRows(texts: Texts, document: ReadDocument): Html {
  const { names } = texts.documentRead
  const { firstName, lastName, dateOfBirth, type, number, expiresOn, address } = document
  return html`<dl class="answers">
            ${row(names.name, `${firstName} ${lastName}`)}
            ${row(names.birth, longDate(texts.language, dateOfBirth))}
            ${row(numberName(texts, type), number)}
            ${row(names.issuer, issuerName(texts, document))}
            ${expiresOn && row(names.expires, longDate(texts.language, expiresOn))}
            ${address && row(names.address, addressLines(address))}
          </dl>`
}

export function addressLines(
  address: Pick<Details, 'address1' | 'address2' | 'city' | 'state' | 'zipCode'>,
): Html {
  const { address1, address2, city, state, zipCode } = address
  return html`${address1}<br>${address2 && html`${address2}<br>`}${city}, ${state} ${zipCode}`
}

function numberName({ documentRead }: Texts, type: DocumentType): string {
  return documentRead.numbers[type]
}

/** States by name; of countries only the one whose name everybody here knows by another word than its code. */
function issuerName({ details, documentRead }: Texts, { issuer }: ReadDocument): string {
  const states: Readonly<Record<string, string>> = details.states
  return issuer === 'USA' ? documentRead.unitedStates : (states[issuer] ?? issuer)
}

function row(name: string, value: Html | string): Html {
  return html`<div class="answers__row">
              <dt class="answers__name">${name}</dt>
              <dd class="answers__value">${value}</dd>
            </div>`
}
