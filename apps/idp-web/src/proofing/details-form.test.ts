import { describe, expect, test } from 'vitest'
import { type DetailsErrors, fieldNames, parseDetails, toDetailsValues } from './details-form.ts'

const today = '2026-01-15'

const typed = {
  firstName: ' Susan ',
  lastName: 'O’Neil',
  birthMonth: '4',
  birthDay: '8',
  birthYear: '1986',
  address1: '12 Garden  Street',
  address2: '',
  city: 'Arlington',
  state: 'VA',
  zipCode: '222011234',
  stateIdJurisdiction: 'MD',
  stateIdNumber: 'a12-34 567',
  ssn: '900-12-3456',
}

test('a form filled in well yields the details in canonical form', () => {
  const form = parseDetails(typed, { today })

  expect(form).toEqual({
    ok: true,
    details: {
      firstName: 'Susan',
      lastName: 'O’Neil',
      dateOfBirth: '1986-04-08',
      address1: '12 Garden Street',
      city: 'Arlington',
      state: 'VA',
      zipCode: '22201-1234',
      stateIdJurisdiction: 'MD',
      stateIdNumber: 'A1234567',
      ssn: '900123456',
    },
  })
})

test('the second address line is kept when there is one', () => {
  const form = parseDetails({ ...typed, address2: 'Apt 4' }, { today })

  expect(form).toMatchObject({ ok: true, details: { address2: 'Apt 4' } })
})

test('details go into the form and come out of it unchanged', () => {
  const form = parseDetails({ ...typed, address2: 'Apt 4' }, { today })
  if (form.ok !== true) throw new Error('The form should be good')

  const again = parseDetails(toDetailsValues(form.details), { today })

  expect(again).toEqual(form)
})

test('an empty form names every field but the optional one', () => {
  const errors = errorsOf({})

  const expected = fieldNames.filter((name) => name !== 'address2')
  expect(errors).toEqual(Object.fromEntries(expected.map((name) => [name, 'missing'])))
})

test('a form of spaces is as empty as an empty one', () => {
  const spaces = Object.fromEntries(fieldNames.map((name) => [name, '  ']))

  expect(errorsOf(spaces)).toEqual(errorsOf({}))
})

test('what was typed comes back with the errors, as it was typed', () => {
  const form = parseDetails({ ...typed, zipCode: '<1>' }, { today })

  expect(form).toEqual({
    ok: false,
    values: { ...typed, zipCode: '<1>' },
    errors: { zipCode: 'invalid' },
  })
})

test.each([
  { firstName: 'x'.repeat(61) },
  { lastName: 'a\u0000b' },
  { address1: 'x'.repeat(101) },
  { address2: 'x'.repeat(101) },
  { city: 'x'.repeat(61) },
  { state: 'XX' },
  { zipCode: '1234' },
  { stateIdJurisdiction: 'va' },
  { stateIdNumber: 'A_1' },
  { ssn: '90012345' },
  { birthMonth: '13' },
  { birthMonth: '0' },
  { birthDay: '31' },
  { birthDay: '-1' },
  { birthDay: 'x' },
  { birthYear: '86' },
  { birthYear: '19866' },
])('a wrong field is named, and no other: %o', (wrong) => {
  const [name] = Object.keys(wrong)

  expect(errorsOf({ ...typed, ...wrong })).toEqual({ [String(name)]: 'invalid' })
})

test('a date of birth with a gap names the gap', () => {
  expect(errorsOf({ ...typed, birthDay: '' })).toEqual({ birthDay: 'missing' })
})

test.each([
  ['1900-02-29', { birthDay: 'invalid' }],
  ['2026-01-16', { birthYear: 'inFuture' }],
  ['2026-01-15', { birthYear: 'tooYoung' }],
  ['2013-01-16', { birthYear: 'tooYoung' }],
  ['1899-12-31', { birthYear: 'tooOld' }],
])('born on %s is refused: %o', (date, expected) => {
  expect(errorsOf({ ...typed, ...birth(date) })).toEqual(expected)
})

test.each([
  ['2013-01-15', today],
  ['1900-01-01', today],
  ['2000-02-29', today],
  ['2011-02-28', '2024-02-29'],
])('born on %s is old enough and young enough on %s', (date, day) => {
  expect(parseDetails({ ...typed, ...birth(date) }, { today: day })).toMatchObject({
    ok: true,
    details: { dateOfBirth: date },
  })
})

test('more than 130 years is too old, whatever the contract allows', () => {
  expect(errorsOf({ ...typed, ...birth('1900-01-01') }, '2031-01-01')).toEqual({
    birthYear: 'tooOld',
  })
})

test.each([
  ['an unknown field', { ...typed, admin: 'yes' }],
  ['a field sent twice', { ...typed, ssn: ['900123456', '900123457'] }],
  ['a number', { ...typed, ssn: 900123456 }],
  ['a nested field', { ...typed, firstName: { a: 'b' } }],
  ['a list', []],
  ['a string', 'firstName=Susan'],
])('%s is not what our form sends', (_name, body) => {
  expect(parseDetails(body, { today })).toEqual({ ok: 'malformed' })
})

test('a body that is not there is an empty form', () => {
  expect(parseDetails(undefined, { today })).toMatchObject({ ok: false })
})

function errorsOf(body: unknown, day = today): DetailsErrors {
  const form = parseDetails(body, { today: day })
  return form.ok === false ? form.errors : {}
}

function birth(date: string): object {
  const [birthYear, birthMonth, birthDay] = date.split('-')
  return { birthYear, birthMonth, birthDay }
}

describe('with a document that was read', () => {
  const license = {
    type: 'drivers-license',
    firstName: 'MARIA',
    lastName: 'OKAFOR',
    dateOfBirth: '1986-04-12',
    number: 'WDL-ABCD 456DG',
    issuer: 'WA',
  } as const
  const passport = { ...license, type: 'passport', number: 'C01234567', issuer: 'USA' } as const
  const { address1, city, state, zipCode, ssn } = typed
  const rest = { address1, city, state, zipCode, ssn }

  test('what it says is taken from it, and only the rest is typed', () => {
    const form = parseDetails(rest, { today, document: license })

    expect(form).toMatchObject({
      ok: true,
      details: {
        firstName: 'MARIA',
        lastName: 'OKAFOR',
        dateOfBirth: '1986-04-12',
        stateIdNumber: 'WDLABCD456DG',
        stateIdJurisdiction: 'WA',
      },
    })
  })

  test.each(['firstName', 'birthYear', 'stateIdNumber'])('%s cannot be typed over it', (name) => {
    const form = parseDetails({ ...rest, [name]: 'Other' }, { today, document: license })

    expect(form).toEqual({ ok: 'malformed' })
  })

  test('of a passport the number is not taken for that of a state, and none is needed', () => {
    const form = parseDetails(
      { ...rest, stateIdNumber: '', stateIdJurisdiction: '' },
      { today, document: passport },
    )

    expect(form.ok).toBe(true)
    expect(form).not.toHaveProperty('details.stateIdNumber')
  })

  test('half of a state ID beside a passport is not enough', () => {
    const form = parseDetails(
      { ...rest, stateIdNumber: 'A1', stateIdJurisdiction: '' },
      { today, document: passport },
    )

    expect(form).toMatchObject({ ok: false, errors: { stateIdJurisdiction: 'missing' } })
  })

  test.each([
    ['whose issuer is no state', { ...license, issuer: 'ON' }],
    ['whose number we cannot ask about', { ...license, number: 'DOEJA*123AB' }],
  ])('a card %s does not leave its number to be typed', (_what, document) => {
    const typedOver = { ...rest, stateIdNumber: 'OTHER99', stateIdJurisdiction: 'NY' }

    expect(parseDetails(typedOver, { today, document })).toEqual({ ok: 'malformed' })
    expect(parseDetails(rest, { today, document }).ok).toBe(false)
  })
})
