import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { parseForm } from '../plugins/forms.ts'
import { parseAddress } from './address.ts'
import type { TypedAddress } from './pages/fields.ts'

const field = z.string().max(2_000).optional()

/** A form of our own with these fields and no others; what was left out is empty. */
function fieldsOf<Name extends string>(
  request: FastifyRequest,
  names: readonly Name[],
): Record<Name, string> {
  const form = z.strictObject(Object.fromEntries(names.map((name) => [name, field])))
  const typed = parseForm(form, request)
  const values = names.map((name) => [name, typed[name] ?? ''])
  // zod cannot relate the keys it was given to those of its answer.
  return Object.fromEntries(values) as Record<Name, string>
}

export type AddressForm =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly typed: TypedAddress }

export function parseAddressForm(request: FastifyRequest): AddressForm {
  return checkAddress(fieldsOf(request, ['address']).address)
}

export interface SignInForm {
  readonly address: AddressForm
  readonly password: string
}

export function parseSignInForm(request: FastifyRequest): SignInForm {
  const { address, password } = fieldsOf(request, ['address', 'password'])
  return { address: checkAddress(address), password }
}

/** The address stands in the form for password managers, and is not looked at. */
export function parsePasswordForm(request: FastifyRequest): string {
  return fieldsOf(request, ['address', 'password']).password
}

export function parseWordForm(request: FastifyRequest): string {
  return fieldsOf(request, ['word']).word
}

export function parseSlotForm(request: FastifyRequest): string {
  return fieldsOf(request, ['slot']).slot
}

function checkAddress(typed: string): AddressForm {
  const address = parseAddress(typed)
  if (address !== undefined) return { ok: true, address }
  const error = typed.trim() === '' ? 'missing' : 'invalid'
  return { ok: false, typed: { address: typed, error } }
}
