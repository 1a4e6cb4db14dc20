import { type Html, html } from '../../html.ts'
import { errorMessage, type FieldError } from '../../pages/form-parts.ts'
import type { Texts } from '../../texts/index.ts'
import type { DetailsValues } from '../details-form.ts'
import { monthNames } from './dates.ts'

interface BirthFields {
  readonly values: DetailsValues
  /** Of the whole form. */
  readonly errors: readonly FieldError[]
}

type BirthName = 'birthMonth' | 'birthDay' | 'birthYear'

/** A date everyone knows by heart: month by name, day and year typed (USWDS memorable date). */
export function birthFields(texts: Texts, { values, errors }: BirthFields): Html {
  const { groups } = texts.details
  const messages = (['birthMonth', 'birthDay', 'birthYear'] as const).map((name) => ({
    name,
    message: errors.find(({ field }) => field === name)?.message,
  }))
  const wrong = messages.filter(({ message }) => message !== undefined)
  const part: Part = { texts, values, wrong: wrong.map(({ name }) => name) }
  return html`<fieldset class="field-group" aria-describedby="birth-why">
              <legend>${groups.birth.title}</legend>
              <p class="why" id="birth-why">${groups.birth.why}</p>
              <div class="usa-form-group${wrong.length > 0 && ' usa-form-group--error'}">
                ${wrong.map(({ name, message }) => errorMessage(texts, `${name}-error`, message))}
                <div class="usa-memorable-date">
                  ${monthField(part)}
                  ${numberField(part, { name: 'birthDay', kind: 'day', digits: 2 })}
                  ${numberField(part, { name: 'birthYear', kind: 'year', digits: 4 })}
                </div>
              </div>
            </fieldset>`
}

interface Part {
  readonly texts: Texts
  readonly values: DetailsValues
  readonly wrong: readonly BirthName[]
}

function monthField({ texts, values, wrong }: Part): Html {
  const months = monthNames(texts.language).map((name, index) => [String(index + 1), name] as const)
  return html`<div class="usa-form-group usa-form-group--month usa-form-group--select">
                    <label class="usa-label" for="birthMonth">${texts.details.labels.birthMonth}</label>
                    <select class="usa-select${wrong.includes('birthMonth') && ' usa-input--error'}" id="birthMonth" name="birthMonth" autocomplete="bday-month"${described('birthMonth', wrong)}>
                      <option value="">${texts.frame.select}</option>
                      ${months.map(([value, name]) => html`<option value="${value}"${value === values.birthMonth && html` selected`}>${name}</option>`)}
                    </select>
                  </div>`
}

interface NumberField {
  readonly name: 'birthDay' | 'birthYear'
  readonly kind: 'day' | 'year'
  readonly digits: number
}

function numberField({ texts, values, wrong }: Part, { name, kind, digits }: NumberField): Html {
  return html`<div class="usa-form-group usa-form-group--${kind}">
                    <label class="usa-label" for="${name}">${texts.details.labels[name]}</label>
                    <input class="usa-input${wrong.includes(name) && ' usa-input--error'}" id="${name}" name="${name}" type="text" inputmode="numeric" maxlength="${digits}" autocomplete="bday-${kind}" value="${values[name]}"${described(name, wrong)}>
                  </div>`
}

function described(name: BirthName, wrong: readonly BirthName[]): Html | undefined {
  if (!wrong.includes(name)) return undefined
  return html` aria-describedby="${name}-error" aria-invalid="true"`
}
