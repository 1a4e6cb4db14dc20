import { expect, test } from 'vitest'
import { parseCardText } from './aamva.ts'

const elements = [
  'DCSSAMPLE',
  'DDEN',
  'DACMARIA',
  'DADQUINN',
  'DAQT64235789',
  'DBB06061986',
  'DBA12102038',
  'DAG2300 WEST BROAD STREET',
  'DAIRICHMOND',
  'DAJVA',
  'DAK232690000  ',
]

function cardText({ header = 'ANSI 636000100001', subfile = 'DL', lines = elements } = {}): string {
  return `@\n\x1e\r${header}${subfile}00310123${subfile}${lines.join('\n')}\r`
}

const without = (id: string): string[] => elements.filter((line) => !line.startsWith(id))

test('a card says who it is of, in the form in which a person would type it', () => {
  expect(parseCardText(cardText())).toEqual({
    kind: 'license',
    issuer: 'VA',
    firstName: 'MARIA',
    lastName: 'SAMPLE',
    number: 'T64235789',
    dateOfBirth: '1986-06-06',
    expiresOn: '2038-12-10',
    address: {
      address1: '2300 WEST BROAD STREET',
      city: 'RICHMOND',
      state: 'VA',
      zipCode: '23269',
    },
  })
})

test('an element counts only at the beginning of a line: a name may hold its letters', () => {
  const lines = ['DCSSANDACRE', ...without('DCS')]

  const card = parseCardText(cardText({ lines }))

  expect(card).toMatchObject({ firstName: 'MARIA', lastName: 'SANDACRE' })
})

test('the first edition has one field for the name, and dates with the year first', () => {
  const lines = ['DAASAMPLE,MARIA,QUINN', 'DAQ1', 'DBB19860606', 'DBA20381210']

  const card = parseCardText(cardText({ header: 'AAMVA6360000101', lines }))

  expect(card).toMatchObject({
    firstName: 'MARIA',
    lastName: 'SAMPLE',
    dateOfBirth: '1986-06-06',
    expiresOn: '2038-12-10',
  })
})

test('the edition of 2005 has one field for all given names', () => {
  const lines = ['DCTMARIA QUINN', ...without('DAC')]

  expect(parseCardText(cardText({ lines }))?.firstName).toBe('MARIA')
})

test('the table of subfiles may have wrong offsets, a second subfile, or an element of its own first', () => {
  const body = `DLDAQT1\n${elements.join('\n')}\rZVZVA01\r`
  const text = `@\n\x1e\rANSI 636000100002DL99990001ZV00000009${body}`

  expect(parseCardText(text)).toMatchObject({ lastName: 'SAMPLE', number: 'T64235789' })
})

test('an ID card is told from a license', () => {
  expect(parseCardText(cardText({ subfile: 'ID' }))?.kind).toBe('id')
})

test('a card of another country is known as one', () => {
  expect(parseCardText(cardText({ header: 'ANSI 636012100001' }))?.issuer).toBe('foreign')
})

test.each([
  ['no card at all', 'LOYALTY CARD 12345'],
  ['an agency that does not exist', cardText({ header: 'ANSI 999999100001' })],
  ['no subfile', '@\n\x1e\rANSI 636000100001DL00310123'],
  ['30 February', cardText({ lines: [...without('DBB'), 'DBB02301986'] })],
  ['a birthday in words', cardText({ lines: [...without('DBB'), 'DBBJUNE 6TH'] })],
])('a barcode with %s is not read', (_what, text) => {
  expect(parseCardText(text)).toBeUndefined()
})

test.each([
  '00000000',
  '99999999',
  '12319999',
  '99991231',
  'NONEXPIRE',
  'NON-EXPIRING',
  'NONE',
  'unavl',
])('a card that expires on %s does not', (written) => {
  const card = parseCardText(cardText({ lines: [...without('DBA'), `DBA${written}`] }))

  expect(card).toMatchObject({ lastName: 'SAMPLE', number: 'T64235789', expiresOn: undefined })
})

test.each(['DBA02302038', 'DBA1210203', 'DBASOMETIME', 'DBB99999999', 'DBBNONE'])(
  'a barcode with %s is not read',
  (line) => {
    expect(parseCardText(cardText({ lines: [...without(line.slice(0, 3)), line] }))).toBeUndefined()
  },
)

test('what is missing, or said to be, is left out', () => {
  const lines = [...without('DBB').filter((line) => !/^DA[CGK]/.test(line)), 'DACNONE']

  expect(parseCardText(cardText({ lines }))).toMatchObject({
    firstName: undefined,
    dateOfBirth: undefined,
    address: undefined,
  })
})

test.each([
  ['23269', '23269'],
  ['232690000', '23269'],
  ['232691234', '23269-1234'],
])('ZIP code %s is read as %s', (written, zipCode) => {
  const lines = [...without('DAK'), `DAK${written}  `]

  expect(parseCardText(cardText({ lines }))?.address?.zipCode).toBe(zipCode)
})
