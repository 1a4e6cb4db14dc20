import type { Card } from './card.ts'

/** Versions of the AAMVA card design standard that state agencies still have in circulation. */
export type AamvaVersion = 1 | 3 | 8 | 9 | 10

/**
 * What stands in the barcode on the back of a card: a header, a table of subfiles, then a line for each data element
 * (AAMVA DL/ID Card Design Standard, annex D).
 */
export function aamvaText(card: Card): string {
  if (card.flaw === 'not-a-card') return `LOYALTY CARD ${card.number} ${card.lastName}`.repeat(6)
  const subfile = card.documentType === 'state-id' ? 'ID' : 'DL'
  const lines = Object.entries(elements(card)).map(([id, value]) => `${id}${value}`)
  const body = `${subfile}${lines.join('\n')}\r`
  const header = headerOf(card)
  const offset = header.length + 10
  return `${header}${subfile}${digits(offset, 4)}${digits(body.length, 4)}${body}`
}

function headerOf({ aamvaVersion, issuerNumber }: Card): string {
  const version = digits(aamvaVersion, 2)
  // The first edition wrote another file type and had no version of the agency's own.
  if (aamvaVersion === 1) return `@\n\x1e\rAAMVA${issuerNumber}${version}01`
  return `@\n\x1e\rANSI ${issuerNumber}${version}0001`
}

function elements(card: Card): Record<string, string> {
  return {
    ...nameElements(card),
    DAQ: card.number,
    ...(card.flaw === 'no-birth-date' ? {} : { DBB: birthDateText(card) }),
    DBA: card.expiresOn === undefined ? '99999999' : dateText(card, card.expiresOn),
    DBD: dateText(card, card.issuedOn),
    DBC: '1',
    DAU: '069 IN',
    DAY: 'BRO',
    DAG: card.address1,
    ...(card.address2 === undefined ? {} : { DAH: card.address2 }),
    DAI: card.city,
    DAJ: card.state,
    DAK: card.zipCode.replace('-', '').padEnd(9, '0').padEnd(11, ' '),
    ...(card.documentType === 'state-id' ? {} : { DCA: 'D', DCB: 'NONE', DCD: 'NONE' }),
    ...(card.aamvaVersion === 1
      ? {}
      : { DCF: `83D9BN2${card.number}`, DCG: 'USA', DDA: 'F', DDB: dateText(card, '2021-08-31') }),
  }
}

function nameElements({ aamvaVersion, firstName, middleName, lastName }: Card) {
  if (aamvaVersion === 1) return { DAA: [lastName, firstName, middleName].join(',') }
  if (aamvaVersion === 3) return { DCS: lastName, DCT: `${firstName} ${middleName}` }
  return { DCS: lastName, DDE: 'N', DAC: firstName, DDF: 'N', DAD: middleName, DDG: 'N' }
}

function birthDateText(card: Card): string {
  return dateText(card, card.flaw === 'impossible-date' ? '1986-02-30' : card.dateOfBirth)
}

/** The first edition counted from the year, all later ones from the month. */
function dateText({ aamvaVersion }: Card, isoDate: string): string {
  const [year = '', month = '', day = ''] = isoDate.split('-')
  return aamvaVersion === 1 ? `${year}${month}${day}` : `${month}${day}${year}`
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0')
