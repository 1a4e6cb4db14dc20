import { type Html, html } from '../../html.ts'
import { type FieldError, textField } from '../../pages/form-parts.ts'
import type { Texts } from '../../texts/index.ts'
import type { PasswordProblem } from '../password-rules.ts'

export type AddressError = 'missing' | 'invalid'

export interface TypedAddress {
  /** As it was typed. */
  readonly address?: string
  readonly error?: AddressError
}

interface AddressFieldOptions {
  readonly label?: string
  /** What the browser offers for it. */
  readonly autocomplete?: 'username' | 'username webauthn' | 'email'
}

/** Where somebody says which account they mean. */
export function addressField(
  texts: Texts,
  { address, error }: TypedAddress,
  { label, autocomplete = 'username' }: AddressFieldOptions = {},
): Html {
  const words = texts.account.address
  return textField(texts, {
    name: 'address',
    label: label ?? words.label,
    hint: words.hint,
    type: 'email',
    inputmode: 'email',
    autocomplete,
    spellcheck: false,
    value: address,
    error: error && words.errors[error],
  })
}

export function addressErrors(texts: Texts, { error }: TypedAddress): readonly FieldError[] {
  return error ? [{ field: 'address', message: texts.account.address.errors[error] }] : []
}

/** Tells a password manager, and the person, which account a new password is for. */
export function ownAddressField(texts: Texts, address: string): Html {
  return textField(texts, {
    name: 'address',
    label: texts.account.link.forAddress,
    type: 'email',
    autocomplete: 'username',
    readOnly: true,
    value: address,
  })
}

/** The one somebody has. */
export function passwordField(texts: Texts, error?: string): Html {
  const { password } = texts.account
  return showable(
    texts,
    textField(texts, {
      name: 'password',
      label: password.label,
      type: 'password',
      autocomplete: 'current-password',
      spellcheck: false,
      value: undefined,
      error,
    }),
  )
}

/** One that is chosen now. It is never sent back. */
export function newPasswordField(texts: Texts, problem?: PasswordProblem): Html {
  const { password } = texts.account
  return showable(
    texts,
    textField(texts, {
      name: 'password',
      label: password.newLabel,
      hint: password.hint,
      type: 'password',
      autocomplete: 'new-password',
      spellcheck: false,
      value: undefined,
      error: problem && password.problems[problem],
    }),
  )
}

export function newPasswordErrors(texts: Texts, problem?: PasswordProblem): readonly FieldError[] {
  const { problems } = texts.account.password
  return problem ? [{ field: 'password', message: problems[problem] }] : []
}

/** The script adds the button that shows it. */
function showable({ account }: Texts, field: Html): Html {
  const { show, hide } = account.password
  return html`<div data-show-toggle data-show="${show}" data-hide="${hide}">${field}</div>`
}
