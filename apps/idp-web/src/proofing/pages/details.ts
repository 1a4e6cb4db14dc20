import { fields, type ReadDocument } from '@anteroom/job-contracts'
import { readRows } from '../../documents/pages/read-rows.ts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import {
  errorSummary,
  type FieldError,
  postForm,
  selectField,
  type TextField,
  textField,
} from '../../pages/form-parts.ts'
import type { Texts } from '../../texts/index.ts'
import {
  type DetailsErrors,
  type DetailsValues,
  type FieldName,
  fieldNames,
} from '../details-form.ts'
import { birthFields } from './birth-fields.ts'

export interface DetailsData {
  readonly values: DetailsValues
  readonly errors: DetailsErrors
  /** Where one was read: what it says is shown and cannot be typed. */
  readonly document?: ReadDocument | undefined
}

export function detailsPage(view: View, data: DetailsData): Html {
  const { details, documentRead } = view.texts
  const part: Part = { ...data, texts: view.texts }
  const { document } = data
  const words = document ? documentRead.fromDocument : undefined
  const content = html`<p class="lead">${words?.detailsLead ?? details.lead}</p>
          ${document && knownPart(view.texts, document)}
          ${postForm(view, {
            action: '/verify/details',
            content: html`<div class="usa-form">
            ${!document && fieldGroup(details.groups.name, nameFields(part))}
            ${!document && birthFields(view.texts, { values: data.values, errors: errorsOf(part) })}
            ${fieldGroup(addressGroup(part), addressFields(part))}
            ${asksForStateId(document) && fieldGroup(stateIdGroup(part), stateIdFields(part))}
            ${fieldGroup(details.groups.ssn, ssnField(part))}
            <div class="actions"><button class="usa-button">${details.next}</button></div>
          </div>`,
          })}`
  return layout(view, {
    title: words?.detailsTitle ?? details.title,
    step: 'details',
    errorSummary: errorSummary(view.texts, errorsOf(part)),
    scripts: ['form'],
    content,
  })
}

interface Part extends DetailsData {
  readonly texts: Texts
}

/** In the order of the page. */
function errorsOf(part: Part): readonly FieldError[] {
  return fieldNames.flatMap((field) => {
    const message = messageOf(part, field)
    return message === undefined ? [] : [{ field, message }]
  })
}

function messageOf({ texts, errors }: Part, field: FieldName): string | undefined {
  const code = errors[field]
  const messages: Readonly<Record<string, string>> = texts.details.errors[field]
  return code && messages[code]
}

function fieldGroup({ title, why }: Group, content: Html): Html {
  return html`<fieldset class="field-group">
              <legend>${title}</legend>
              <p class="why">${why}</p>
              ${content}
            </fieldset>`
}

/** What the document says, for reading only. */
function knownPart(texts: Texts, document: ReadDocument): Html {
  const { address: _typedBelow, ...known } = document
  const { title, notRight } = texts.documentRead.fromDocument
  return html`<h2>${title}</h2>
          ${readRows(texts, known)}
          <p><a class="usa-link" href="/verify/document/read">${notRight}</a></p>`
}

interface Group {
  readonly title: string
  readonly why: string
}

function addressGroup({ texts, document }: Part): Group {
  const { address } = texts.details.groups
  if (!document) return address
  const { addressWhy, addressWhyMissing } = texts.documentRead.fromDocument
  return { title: address.title, why: document.address ? addressWhy : addressWhyMissing }
}

function stateIdGroup({ texts, document }: Part): Group {
  const { stateId } = texts.details.groups
  if (document?.type !== 'passport') return stateId
  return { title: stateId.title, why: texts.documentRead.fromDocument.stateIdWhy }
}

/** A card says its own number, and the photo decides. */
function asksForStateId(document: ReadDocument | undefined): boolean {
  return document === undefined || document.type === 'passport'
}

function nameFields(part: Part): Html {
  return html`${text(part, 'firstName', { autocomplete: 'given-name', spellcheck: false })}
              ${text(part, 'lastName', { autocomplete: 'family-name', spellcheck: false })}`
}

function addressFields(part: Part): Html {
  const { texts } = part
  return html`${text(part, 'address1', { autocomplete: 'address-line1', spellcheck: false })}
              ${text(part, 'address2', { autocomplete: 'address-line2', spellcheck: false, optional: texts.frame.optional })}
              ${text(part, 'city', { autocomplete: 'address-level2', spellcheck: false })}
              ${states(part, 'state', 'address-level1')}
              ${text(part, 'zipCode', { autocomplete: 'postal-code', inputmode: 'numeric', width: 'short', hint: texts.details.hints.zipCode })}`
}

function stateIdFields(part: Part): Html {
  const { hints } = part.texts.details
  return html`${states(part, 'stateIdJurisdiction', 'off')}
              ${text(part, 'stateIdNumber', { autocomplete: 'off', spellcheck: false, width: 'medium', hint: hints.stateIdNumber })}`
}

/** Hidden like a password; the script adds the button that shows it. */
function ssnField(part: Part): Html {
  const { details } = part.texts
  return html`<div data-show-toggle data-show="${details.ssnShow}" data-hide="${details.ssnHide}">
                ${text(part, 'ssn', { type: 'password', autocomplete: 'off', inputmode: 'numeric', spellcheck: false, width: 'medium', hint: details.hints.ssn })}
              </div>`
}

type Own = Omit<TextField, 'name' | 'label' | 'value' | 'error'>

function text(part: Part, name: FieldName, own: Own): Html {
  return textField(part.texts, {
    ...own,
    name,
    label: part.texts.details.labels[name],
    value: part.values[name],
    error: messageOf(part, name),
  })
}

function states(part: Part, name: 'state' | 'stateIdJurisdiction', autocomplete: string): Html {
  const { labels, states: names } = part.texts.details
  return selectField(part.texts, {
    name,
    label: labels[name],
    autocomplete,
    value: part.values[name],
    error: messageOf(part, name),
    options: fields.stateCodes.map((code) => [code, names[code]] as const),
  })
}
