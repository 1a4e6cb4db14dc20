import type { VendorDocument } from '@anteroom/vendor-clients'
import { expect, test } from 'vitest'
import { judgeVendorReading } from './judge-vendor-reading.ts'

const card = {
  type: 'drivers-license',
  firstName: 'Maria',
  lastName: 'Okafor',
  dateOfBirth: '1986-04-12',
  number: 'A1234567',
  issuer: 'VA',
  expiresOn: '2026-11-23',
  address1: '100 Example Street',
  city: 'Seattle',
  state: 'WA',
  zipCode: '981091234',
} as const
const rules = { minimumAge: 13, today: '2026-11-23' }

function judge(changes: Partial<VendorDocument>, today = rules.today) {
  const document = { ...card, ...changes }
  const reading = { state: 'read', document, toConfirm: false, reference: 'r' } as const
  return judgeVendorReading(reading, 'drivers-license', { ...rules, today })
}

const refusedAs = (reason: string) => ({ state: 'refused', problems: [{ side: 'both', reason }] })

test('a document is given in the form in which a person would type it', () => {
  expect(judge({})).toEqual({
    state: 'read',
    document: {
      type: 'drivers-license',
      firstName: 'Maria',
      lastName: 'Okafor',
      dateOfBirth: '1986-04-12',
      number: 'A1234567',
      issuer: 'VA',
      expiresOn: '2026-11-23',
      address: {
        address1: '100 Example Street',
        city: 'Seattle',
        state: 'WA',
        zipCode: '98109-1234',
      },
    },
    toConfirm: false,
    reference: 'r',
  })
})

test('a card is good until its last day is over', () => {
  expect(judge({}, '2026-11-23')).toMatchObject({ state: 'read' })
  expect(judge({}, '2026-11-24')).toEqual(refusedAs('expired'))
})

test.each([
  ['on the birthday', '2013-11-23', true],
  ['on the day before', '2013-11-24', false],
  ['who was born on 29 February, on 1 March', '2012-02-29', true],
])('somebody is old enough %s', (_when, dateOfBirth, isOldEnough) => {
  const reading = judge({ dateOfBirth }, dateOfBirth.endsWith('02-29') ? '2025-03-01' : rules.today)

  expect(reading.state).toBe(isOldEnough ? 'read' : 'refused')
})

test.each([
  ['lastName', undefined],
  ['dateOfBirth', undefined],
  ['number', ''],
  ['issuer', 'V'],
])('a document whose %s is %j is incomplete', (name, value) => {
  expect(judge({ [name]: value })).toEqual(refusedAs('incomplete'))
})

test('an address of which a part is missing is left out', () => {
  expect(judge({ zipCode: undefined })).toMatchObject({ state: 'read' })
  expect(judge({ zipCode: undefined })).not.toHaveProperty('document.address')
})

test('a passport has one side, and that is where a problem is', () => {
  const reading = { state: 'read', document: card, toConfirm: false, reference: 'r' } as const

  expect(judgeVendorReading(reading, 'passport', rules)).toEqual({
    state: 'refused',
    problems: [{ side: 'front', reason: 'wrong-type' }],
  })
})
