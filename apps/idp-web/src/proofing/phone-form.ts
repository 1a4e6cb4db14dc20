import { z } from 'zod'
import type { ErrorCode } from './details-form.ts'
import { phoneSchema } from './person-data.ts'

export type PhoneValues = { readonly phone?: string }
export type PhoneErrors = { readonly phone?: ErrorCode }

export type PhoneForm =
  /** E.164, `+17035551234`. */
  | { readonly ok: true; readonly phone: string }
  | { readonly ok: false; readonly values: PhoneValues; readonly errors: PhoneErrors }
  /** Not what our form sends. */
  | { readonly ok: 'malformed' }

export function parsePhone(body: unknown): PhoneForm {
  const form = formSchema.safeParse(body ?? {})
  if (!form.success) return { ok: 'malformed' }
  const typed = form.data.phone ?? ''
  const phone = phoneSchema.safeParse(typed)
  if (phone.success) return { ok: true, phone: phone.data }
  const code = typed.trim() === '' ? 'missing' : 'invalid'
  return { ok: false, values: { phone: typed }, errors: { phone: code } }
}

const formSchema = z.strictObject({ phone: z.string().optional() })
