import { isRealDate } from './calendar.ts'
import { issuerOf } from './issuers.ts'
import type { Address } from './reading.ts'

/** What the barcode on the back of a card says. */
export interface CardData {
  readonly kind: 'license' | 'id'
  /** State code, by the agency's number at AAMVA. `foreign`: an agency of Canada or Mexico. */
  readonly issuer: string
  readonly firstName: string | undefined
  readonly lastName: string | undefined
  readonly dateOfBirth: string | undefined
  readonly expiresOn: string | undefined
  readonly number: string | undefined
  readonly address: Address | undefined
}

/**
 * Reads the text of the barcode (AAMVA DL/ID Card Design Standard, annex D; editions 2000 to 2025). `undefined`: it
 * is none, or it says what cannot be, such as the 30th of February.
 */
export function parseCardText(text: string): CardData | undefined {
  const header = /^@[^A-Z]{0,4}(?:ANSI |AAMVA)(\d{6})(\d{2})/.exec(text)
  const issuer = issuerOf(header?.[1] ?? '')
  const subfile = subfileOf(text)
  if (!header || issuer === undefined || !subfile) return undefined

  const elements = elementsOf(subfile.text)
  const edition = Number(header[2])
  const dateOfBirth = dateOf(elements.get('DBB'), edition)
  const expiresOn = dateOf(expiryOf(elements), edition)
  if (dateOfBirth === 'impossible' || expiresOn === 'impossible') return undefined

  return {
    kind: subfile.kind,
    issuer,
    ...namesOf(elements),
    dateOfBirth,
    expiresOn,
    number: elements.get('DAQ')?.toUpperCase(),
    address: addressOf(elements),
  }
}

interface Subfile {
  readonly kind: 'license' | 'id'
  readonly text: string
}

/**
 * The part that holds the elements. Many agencies get the offsets of the header's table wrong, and so it is found as
 * what follows the table: the type again, and at once the first element.
 */
function subfileOf(text: string): Subfile | undefined {
  const start = /(?:DL|ID)\d{8}(?:[A-Z]{2}\d{8})*\s*(DL|ID)(?=[DZ][A-Z]{2})/.exec(text)
  if (!start) return undefined
  const body = text.slice(start.index + start[0].length)
  return { kind: start[1] === 'ID' ? 'id' : 'license', text: body.split('\r')[0] ?? '' }
}

/** One element a line: three letters and its value. Only the beginning of a line counts: a name may hold such letters too. */
function elementsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => line.trim())
  const elements = lines.filter((line) => /^[DZ][A-Z]{2}./.test(line))
  return new Map(elements.map((line) => [line.slice(0, 3), line.slice(3).trim()]))
}

/** The first edition has one field for the whole name, the next three one for all given names. */
function namesOf(elements: ReadonlyMap<string, string>) {
  const [wholeLast, wholeFirst] = (elements.get('DAA') ?? '').split(/[,@]/)
  const given = elements.get('DCT')?.split(/[, ]/)[0]
  return {
    firstName: nameOf(elements.get('DAC') ?? given ?? wholeFirst),
    lastName: nameOf(elements.get('DCS') ?? elements.get('DAB') ?? wholeLast),
  }
}

function nameOf(value = ''): string | undefined {
  const name = value.replaceAll(/\s+/g, ' ').trim()
  return /^(?:none|unavl)?$/i.test(name) ? undefined : name
}

/** Some agencies issue cards for life, each with its own way of saying so. */
function expiryOf(elements: ReadonlyMap<string, string>): string | undefined {
  const value = elements.get('DBA')
  return value === undefined || noExpiry.test(value) ? undefined : value
}

const noExpiry = /^(?:0{8}|9{8}|\d{4}9999|9999\d{4}|none|unavl|non.?exp.*)$/i

/** Eight digits: year first in the first edition, month first later on. Agencies mix them up, and a year tells. */
function dateOf(value: string | undefined, edition: number): string | 'impossible' | undefined {
  if (value === undefined) return undefined
  const yearFirst = `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}`
  const monthFirst = `${value.slice(4)}-${value.slice(0, 2)}-${value.slice(2, 4)}`
  const readings = edition === 1 ? [yearFirst, monthFirst] : [monthFirst, yearFirst]
  const possible = /^\d{8}$/.test(value) ? readings.find(isRealDate) : undefined
  return possible ?? 'impossible'
}

function addressOf(elements: ReadonlyMap<string, string>): Address | undefined {
  const address1 = elements.get('DAG')
  const city = elements.get('DAI')
  const state = elements.get('DAJ')
  const zipCode = zipCodeOf(elements.get('DAK'))
  if (!address1 || !city || !state || !zipCode) return undefined
  const address2 = elements.get('DAH')
  return { address1, ...(address2 ? { address2 } : {}), city, state, zipCode }
}

/** Nine digits, of which the last four are zeros if nobody knew them. */
function zipCodeOf(value = ''): string | undefined {
  const [, five, four] = /^(\d{5})-?(\d{4})?$/.exec(value.trim()) ?? []
  if (five === undefined) return undefined
  return four === undefined || four === '0000' ? five : `${five}-${four}`
}
