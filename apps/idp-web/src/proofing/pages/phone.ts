import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorSummary, postForm, textField } from '../../pages/form-parts.ts'
import type { PhoneErrors, PhoneValues } from '../phone-form.ts'

export interface PhoneData {
  readonly values: PhoneValues
  readonly errors: PhoneErrors
}

export function phonePage(view: View, { values, errors }: PhoneData): Html {
  const { phone } = view.texts
  const message = errors.phone && phone.errors.phone[errors.phone]
  const field = textField(view.texts, {
    name: 'phone',
    label: phone.label,
    hint: phone.hint,
    type: 'tel',
    inputmode: 'tel',
    autocomplete: 'tel',
    width: 'medium',
    value: values.phone && nationalNumber(values.phone),
    error: message,
  })
  const content = html`<p class="lead">${phone.lead}</p>
          ${postForm(view, {
            action: '/verify/phone',
            content: html`<div class="usa-form" data-phone-mask>
            ${field}
            <p>${phone.noCall}</p>
            <div class="actions"><button class="usa-button">${phone.send}</button></div>
          </div>`,
          })}`
  return layout(view, {
    title: phone.title,
    step: 'phone',
    errorSummary: errorSummary(view.texts, message ? [{ field: 'phone', message }] : []),
    scripts: ['form'],
    content,
  })
}

/** E.164 as people in the U.S. write it; what else was typed stays as it was. */
function nationalNumber(phone: string): string {
  return phone.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3')
}
