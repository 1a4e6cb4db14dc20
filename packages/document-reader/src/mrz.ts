import { parse } from 'mrz'
import { isRealDate } from './calendar.ts'
import { ocrB } from './glyphs.ts'
import { type Letter, recognise, type TextLine, type TextLines } from './text-lines.ts'

/** What a machine-readable zone says (ICAO Doc 9303). */
export interface MrzData {
  readonly kind: 'card' | 'passport'
  /** What the document is, such as `P`, or `IP` for a passport card. */
  readonly code: string
  readonly firstName: string
  readonly lastName: string
  readonly dateOfBirth: string
  readonly expiresOn: string
  readonly number: string
  /** Country code, ISO 3166-1 alpha-3 but for a few of ICAO's own. */
  readonly issuer: string
}

export type MrzFinding =
  | { readonly state: 'read'; readonly data: MrzData }
  /** It is there: letters are missing or not clear enough. */
  | { readonly state: 'unreadable'; readonly kind: MrzData['kind'] }
  /** It is clear, and its check digits or dates are wrong. */
  | { readonly state: 'invalid'; readonly kind: MrzData['kind'] }

/** Looks for a machine-readable zone among the rows of an upright picture. `undefined`: there is none. */
export async function findMrz(
  { ink, lines }: TextLines,
  today: string,
): Promise<MrzFinding | undefined> {
  const glyphs = await ocrB()
  const rows = lines
    .map((line) => recognise(ink, line, glyphs))
    .sort((one, other) => middleOf(one) - middleOf(other))
  const findings = zones.flatMap((zone) =>
    candidates(rows, zone).map((found) => judge(found, zone, today)),
  )
  return findings.find(({ state }) => state === 'read') ?? findings[0]
}

interface Zone {
  readonly kind: MrzData['kind']
  readonly rows: number
  readonly columns: number
  /** Where the names stand, which no check digit covers. */
  readonly names: { readonly row: number; readonly from: number }
}

const zones: readonly Zone[] = [
  { kind: 'passport', rows: 2, columns: 44, names: { row: 0, from: 5 } },
  { kind: 'card', rows: 3, columns: 30, names: { row: 2, from: 0 } },
]

const middleOf = (line: TextLine): number => line[line.length >> 1]?.box.centreY ?? 0

type Cells = readonly (Letter | undefined)[]

/** Rows in the right number and length, one below the other. */
function candidates(lines: readonly TextLine[], { rows, columns }: Zone): Cells[][] {
  const fitted = lines.map((line) => fitToColumns(line, columns))
  return fitted.flatMap((_, first) => {
    const zone = fitted.slice(first, first + rows).filter((cells) => cells !== undefined)
    return zone.length === rows && fillersOf(zone) >= 4 ? [zone] : []
  })
}

const fillersOf = (zone: readonly Cells[]): number =>
  zone.flat().filter((letter) => letter?.char === '<').length

/** The letters stand at one distance, so that one that was not found leaves a gap. Of too many, the best stretch. */
function fitToColumns(line: TextLine, columns: number): Cells | undefined {
  const steps = line.slice(1).map(({ box }, index) => box.centreX - (line[index]?.box.centreX ?? 0))
  const pitch = [...steps].sort((one, other) => one - other)[steps.length >> 1] ?? 1
  const cells: (Letter | undefined)[] = []
  for (const [index, letter] of line.entries()) {
    const gap = index === 0 ? 1 : Math.max(1, Math.round((steps[index - 1] ?? 0) / pitch))
    for (let missing = 1; missing < gap; missing++) cells.push(undefined)
    cells.push(letter)
  }
  if (cells.length < columns - 2) return undefined
  if (cells.length < columns)
    return [...cells, ...new Array(columns - cells.length).fill(undefined)]
  const starts = Array.from({ length: cells.length - columns + 1 }, (_, start) => start)
  const scoreFrom = (start: number) => meanScore(cells.slice(start, start + columns))
  const [best = 0] = starts.sort((one, other) => scoreFrom(other) - scoreFrom(one))
  return cells.slice(best, best + columns)
}

function meanScore(cells: Cells): number {
  return cells.reduce((sum, letter) => sum + (letter?.score ?? 0), 0) / cells.length
}

/**
 * A letter of a name must be this much like the typeface's, because no check digit covers it. The other letters are
 * covered, and need only be clear on the whole. Both from `node infra/specimens/calibrate.ts`.
 */
const clear = { nameLetter: 0.7, mean: 0.82 } as const

function judge(zone: readonly Cells[], { kind, names }: Zone, today: string): MrzFinding {
  const nameCells = zone[names.row]?.slice(names.from) ?? []
  const isClear =
    meanScore(zone.flat()) >= clear.mean &&
    nameCells.every((letter) => (letter?.score ?? 0) >= clear.nameLetter)
  if (!isClear) return { state: 'unreadable', kind }
  const text = zone.map((cells) => cells.map((letter) => letter?.char ?? '<').join(''))
  const [data] = spellings(text, kind).flatMap((lines) => parseZone(lines, today) ?? [])
  return data ? { state: 'read', data } : { state: 'invalid', kind }
}

/**
 * The typeface's O and 0 are nearly one shape, and a document number may hold both: every way to read it, of which
 * the check digit confirms one. Elsewhere the place tells; what a state may write as it likes, it writes in digits.
 */
function spellings(lines: readonly string[], kind: MrzData['kind']): string[][] {
  const { row, from, to, digits } = numberPlaces[kind]
  const number = lines[row]?.slice(from, to) ?? ''
  const inDigits = lines.with(digits.row, withZeros(lines[digits.row] ?? '', digits))
  const places = [...number].flatMap((char, place) => (/[O0]/.test(char) ? [place] : []))
  return Array.from({ length: 2 ** Math.min(places.length, 5) }, (_, choice) => {
    const spelled = [...number]
    for (const [bit, place] of places.entries()) spelled[place] = choice & (1 << bit) ? 'O' : '0'
    const line = inDigits[row] ?? ''
    return inDigits.with(row, `${line.slice(0, from)}${spelled.join('')}${line.slice(to)}`)
  })
}

function withZeros(line: string, { from }: { readonly from: number }): string {
  return line.slice(0, from) + line.slice(from).replaceAll('O', '0')
}

const numberPlaces = {
  passport: { row: 1, from: 0, to: 9, digits: { row: 1, from: 28 } },
  card: { row: 0, from: 5, to: 14, digits: { row: 1, from: 18 } },
} as const

/** Reads the lines of a zone: check digits, dates and country must all be right. */
export function parseZone(lines: readonly string[], today: string): MrzData | undefined {
  const { valid, fields, format } = parse(lines, { autocorrect: true })
  if (!valid || (format !== 'TD1' && format !== 'TD3')) return undefined
  const { documentCode, firstName, lastName, documentNumber, issuingState } = fields
  const dateOfBirth = birthDate(fields.birthDate ?? '', today)
  const expiresOn = expiryDate(fields.expirationDate ?? '', today)
  if (!documentCode || !firstName || !lastName || !documentNumber || !issuingState) return undefined
  if (!isRealDate(dateOfBirth) || !isRealDate(expiresOn)) return undefined
  const kind = format === 'TD3' ? 'passport' : 'card'
  return {
    kind,
    code: documentCode,
    firstName,
    lastName,
    dateOfBirth,
    expiresOn,
    number: documentNumber,
    issuer: issuingState,
  }
}

/** The zone has two digits of the year: nobody is born in the future. */
function birthDate(value: string, today: string): string {
  const recent = isoDate('20', value)
  return recent <= today ? recent : isoDate('19', value)
}

/** Nobody is given a document for longer: a year further ahead was in the last century. */
const longestYears = 20

function expiryDate(value: string, today: string): string {
  const ahead = isoDate('20', value)
  return Number(ahead.slice(0, 4)) > Number(today.slice(0, 4)) + longestYears
    ? isoDate('19', value)
    : ahead
}

function isoDate(century: string, yymmdd: string): string {
  return `${century}${yymmdd.slice(0, 2)}-${yymmdd.slice(2, 4)}-${yymmdd.slice(4, 6)}`
}
