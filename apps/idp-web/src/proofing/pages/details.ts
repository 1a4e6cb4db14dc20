import { fields } from '@anteroom/job-contracts'
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
}

export function detailsPage(view: View, data: DetailsData): Html {
  const { details } = view.texts
  const part: Part = { ...data, texts: view.texts }
  const content = html`<p class="lead">${details.lead}</p>
          ${postForm(view, {
            action: '/verify/details',
            content: html`<div class="usa-form">
            ${fieldGroup(details.groups.name, nameFields(part))}
            ${birthFields(view.texts, { values: data.values, errors: errorsOf(part) })}
            ${fieldGroup(details.groups.address, addressFields(part))}
            ${fieldGroup(details.groups.stateId, stateIdFields(part))}
            ${fieldGroup(details.groups.ssn, ssnField(part))}
            <div class="actions"><button class="usa-button">${details.next}</button></div>
          </div>`,
          })}`
  return layout(view, {
    title: details.title,
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

function fieldGroup({ title, why }: { title: string; why: string }, content: Html): Html {
  return html`<fieldset class="field-group">
              <legend>${title}</legend>
              <p class="why">${why}</p>
              ${content}
            </fieldset>`
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
