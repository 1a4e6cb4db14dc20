import { type Html, html } from '../html.ts'
import type { View } from '../layout.ts'
import type { Texts } from '../texts/index.ts'

export interface PostForm {
  readonly action: string
  readonly content: Html
  readonly id?: string
}

/** Every form that changes something: the session's token is in it, and the browser leaves checking to us. */
export function postForm({ csrfToken }: View, { action, content, id }: PostForm): Html {
  return html`<form method="post" action="${action}"${id && html` id="${id}"`} novalidate>
          <input type="hidden" name="csrf" value="${csrfToken}">
          ${content}
        </form>`
}

/** A field's own error, as the summary links to it. */
export interface FieldError {
  readonly field: string
  readonly message: string
}

/** What must be put right, each a link to its field. It has the focus when the page opens, with and without scripts. */
export function errorSummary(texts: Texts, errors: readonly FieldError[]): Html | undefined {
  if (errors.length === 0) return undefined
  return html`<div class="usa-alert usa-alert--error error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="error-summary-title">
            <div class="usa-alert__body">
              <h2 class="usa-alert__heading" id="error-summary-title">${texts.frame.errorSummary}</h2>
              <ul>
                ${errors.map(({ field, message }) => html`<li><a href="#${field}">${message}</a></li>`)}
              </ul>
            </div>
          </div>`
}

export interface Field {
  /** Also its id, so that errors and change links can point to it. */
  readonly name: string
  readonly label: string
  readonly value: string | undefined
  readonly autocomplete: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly optional?: string
}

export interface TextField extends Field {
  readonly type?: 'text' | 'password' | 'tel' | 'email'
  readonly inputmode?: 'numeric' | 'tel' | 'email'
  /** Shown to be read, and to password managers; it cannot be changed. */
  readonly readOnly?: boolean
  readonly width?: 'short' | 'medium'
  readonly maxlength?: number
  /** Names, places and numbers are no words of a language. */
  readonly spellcheck?: false
}

/** A labelled input with its hint and its error. Nothing stops pasting. */
export function textField(texts: Texts, field: TextField): Html {
  const { name, type = 'text', inputmode, maxlength, width } = field
  return group(
    texts,
    field,
    html`<input class="usa-input${field.error && ' usa-input--error'}${width && ` usa-input--${width}`}" id="${name}" name="${name}" type="${type}" value="${field.value}" autocomplete="${field.autocomplete}"${inputmode && html` inputmode="${inputmode}"`}${maxlength && html` maxlength="${maxlength}"`}${field.spellcheck === false && html` spellcheck="false" autocapitalize="off" autocorrect="off"`}${field.readOnly && html` readonly`}${described(field)}>`,
  )
}

export interface SelectField extends Field {
  readonly options: readonly (readonly [value: string, label: string])[]
}

export function selectField(texts: Texts, field: SelectField): Html {
  const { name, options, value } = field
  return group(
    texts,
    field,
    html`<select class="usa-select${field.error && ' usa-input--error'}" id="${name}" name="${name}" autocomplete="${field.autocomplete}"${described(field)}>
              <option value="">${texts.frame.select}</option>
              ${options.map(([code, label]) => html`<option value="${code}"${code === value && html` selected`}>${label}</option>`)}
            </select>`,
  )
}

export function errorMessage(
  texts: Texts,
  id: string,
  message: string | undefined,
): Html | undefined {
  if (message === undefined) return undefined
  return html`<span class="usa-error-message" id="${id}"><span class="usa-sr-only">${texts.frame.fieldError}</span> ${message}</span>`
}

function group(texts: Texts, field: Field, control: Html): Html {
  const { name, error, hint, label, optional } = field
  return html`<div class="usa-form-group${error && ' usa-form-group--error'}">
            <label class="usa-label" for="${name}">${label}${optional && html` <span class="usa-hint usa-hint--inline">${optional}</span>`}</label>
            ${hint && html`<span class="usa-hint" id="${name}-hint">${hint}</span>`}
            ${errorMessage(texts, `${name}-error`, error)}
            ${control}
          </div>`
}

function described({ name, hint, error }: Field): Html | undefined {
  const ids = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  if (ids === '') return undefined
  return html` aria-describedby="${ids}"${error && html` aria-invalid="true"`}`
}
