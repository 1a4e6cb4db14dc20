import type { ReadDocument } from '@anteroom/job-contracts'
import { z } from 'zod'
import { type Details, detailsSchema } from './person-data.ts'

/** The inputs of the form, in the order of the page. The three of the date of birth become one value. */
export const fieldNames = [
  'firstName',
  'lastName',
  'birthMonth',
  'birthDay',
  'birthYear',
  'address1',
  'address2',
  'city',
  'state',
  'zipCode',
  'stateIdJurisdiction',
  'stateIdNumber',
  'ssn',
] as const

export type FieldName = (typeof fieldNames)[number]

/** As typed; a field that was not sent is empty. */
export type DetailsValues = { readonly [Field in FieldName]?: string | undefined }

export type ErrorCode = 'missing' | 'invalid'
export type BirthYearErrorCode = ErrorCode | 'inFuture' | 'tooYoung' | 'tooOld'

export type DetailsErrors = {
  readonly [Field in FieldName]?: Field extends 'birthYear' ? BirthYearErrorCode : ErrorCode
}

export type DetailsForm =
  | { readonly ok: true; readonly details: Details }
  | { readonly ok: false; readonly values: DetailsValues; readonly errors: DetailsErrors }
  /** Not what our form sends: unknown fields, fields sent twice, or no form at all. */
  | { readonly ok: 'malformed' }

const youngestAge = 13
const oldestAge = 130

export interface DetailsContext {
  /** `YYYY-MM-DD` */
  readonly today: string
  /** Where one was read: what it says is not typed, and nothing that is typed takes its place. */
  readonly document?: ReadDocument | undefined
}

export function parseDetails(body: unknown, { today, document }: DetailsContext): DetailsForm {
  const form = formSchema.safeParse(body ?? {})
  const known = document ? documentValues(document) : {}
  if (!form.success || Object.keys(form.data).some((name) => name in known)) {
    return { ok: 'malformed' }
  }
  const values = { ...form.data, ...known }
  const details = detailsSchema.safeParse(candidate(values))
  const errors = {
    ...fieldErrors(values, details.error),
    ...stateIdErrors(values, document),
    ...(document === undefined && birthErrors(values, today)),
  }
  if (!details.success || Object.keys(errors).length > 0) return { ok: false, values, errors }
  return { ok: true, details: details.data }
}

/** Canonical details as the form shows them when a person comes back to it. */
export function toDetailsValues({ dateOfBirth, ...details }: Details): DetailsValues {
  const [year = '', month = '', day = ''] = dateOfBirth.split('-')
  return {
    ...details,
    birthYear: year,
    birthMonth: String(Number(month)),
    birthDay: String(Number(day)),
  }
}

/** What a document says of the form's fields. A passport is no state's card, and so leaves those two open; a card never does. */
function documentValues(document: ReadDocument): DetailsValues {
  const { firstName, lastName, dateOfBirth, type, number, issuer } = document
  const [birthYear = '', birthMonth = '', birthDay = ''] = dateOfBirth.split('-')
  return {
    ...{ firstName, lastName, birthYear, birthMonth, birthDay },
    ...(type !== 'passport' && { stateIdNumber: number, stateIdJurisdiction: issuer }),
  }
}

const typed = z.string().optional()

const formSchema = z.strictObject({
  firstName: typed,
  lastName: typed,
  birthMonth: typed,
  birthDay: typed,
  birthYear: typed,
  address1: typed,
  address2: typed,
  city: typed,
  state: typed,
  zipCode: typed,
  stateIdJurisdiction: typed,
  stateIdNumber: typed,
  ssn: typed,
} satisfies Record<FieldName, z.ZodType>)

function candidate(values: DetailsValues): Record<string, unknown> {
  const { birthMonth, birthDay, birthYear, ...others } = values
  const given = Object.entries(others).filter(([, value]) => !isBlank(value))
  return { ...Object.fromEntries(given), dateOfBirth: isoDate(values) }
}

/** Every wrong field but the date of birth, which has rules of its own. */
function fieldErrors(values: DetailsValues, error: z.ZodError | undefined): DetailsErrors {
  const wrong = new Set((error?.issues ?? []).map(({ path }) => path[0]))
  const codes = fieldNames
    .filter((name) => wrong.has(name))
    .map((name) => [name, isBlank(values[name]) ? 'missing' : 'invalid'] as const)
  return Object.fromEntries(codes)
}

/** Of a card both the number and the state, or, with a passport, neither. */
function stateIdErrors(values: DetailsValues, document: ReadDocument | undefined): DetailsErrors {
  const names = ['stateIdJurisdiction', 'stateIdNumber'] as const
  const blank = names.filter((name) => isBlank(values[name]))
  const isOptional = document?.type === 'passport'
  if (isOptional && blank.length === names.length) return {}
  return Object.fromEntries(blank.map((name) => [name, 'missing'] as const))
}

/** At most one thing is said about a date that is all there; of one with gaps, every gap. */
function birthErrors(values: DetailsValues, today: string): DetailsErrors {
  const gaps = (['birthMonth', 'birthDay', 'birthYear'] as const).filter((name) =>
    isBlank(values[name]),
  )
  if (gaps.length > 0) return Object.fromEntries(gaps.map((name) => [name, 'missing'] as const))
  if (!isWholeNumber(values.birthMonth, 12)) return { birthMonth: 'invalid' }
  if (!/^\d{4}$/.test(trimmed(values.birthYear))) return { birthYear: 'invalid' }
  const date = isoDate(values)
  if (!z.iso.date().safeParse(date).success) return { birthDay: 'invalid' }
  if (date > today) return { birthYear: 'inFuture' }
  if (date > yearsBefore(today, youngestAge)) return { birthYear: 'tooYoung' }
  const isTooOld =
    date < yearsBefore(today, oldestAge) || !detailsSchema.shape.dateOfBirth.safeParse(date).success
  return isTooOld ? { birthYear: 'tooOld' } : {}
}

function isoDate({ birthYear, birthMonth, birthDay }: DetailsValues): string {
  const twoDigits = (value: string | undefined) => trimmed(value).padStart(2, '0')
  return `${trimmed(birthYear)}-${twoDigits(birthMonth)}-${twoDigits(birthDay)}`
}

/** The same day, earlier. Dates of this form compare as text, also when the result is a February 29 that was not. */
function yearsBefore(date: string, years: number): string {
  return `${String(Number(date.slice(0, 4)) - years).padStart(4, '0')}${date.slice(4)}`
}

function isWholeNumber(value: string | undefined, highest: number): boolean {
  const text = trimmed(value)
  return /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= highest
}

function isBlank(value: string | undefined): boolean {
  return trimmed(value) === ''
}

function trimmed(value: string | undefined): string {
  return value?.trim() ?? ''
}
