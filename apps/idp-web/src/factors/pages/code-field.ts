import type { Html } from '../../html.ts'
import { textField } from '../../pages/form-parts.ts'
import type { Texts } from '../../texts/index.ts'

export interface CodeField {
  readonly kind: 'totp' | 'backup-codes'
  readonly label: string
  readonly hint: string
  readonly error: string | undefined
}

/** The field for a code. What was typed does not come back: a code that was wrong once stays wrong. */
export function codeField(texts: Texts, { kind, ...words }: CodeField): Html {
  return textField(texts, {
    ...words,
    name: 'code',
    value: '',
    spellcheck: false,
    ...(kind === 'totp'
      ? { autocomplete: 'one-time-code', inputmode: 'numeric', width: 'short', maxlength: 12 }
      : { autocomplete: 'off', width: 'medium', maxlength: 40 }),
  })
}
