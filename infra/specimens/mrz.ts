import type { Card, Passport } from './card.ts'

/** The two lines of a passport's machine-readable zone (ICAO Doc 9303, part 4). */
export function passportLines(passport: Passport): string[] {
  const { number, country } = passport
  const birth = checked(shortDate(passport.dateOfBirth))
  const expiry = checked(shortDate(passport.expiresOn))
  const numberField = checked(number.padEnd(9, '<'))
  const personal = checked(filled('', 14))
  const composite =
    checkDigit(`${numberField}${birth}${expiry}${personal}`) + (passport.forged ? 1 : 0)
  return [
    filled(`P<${country}${nameField(passport)}`, 44),
    `${numberField}${country}${birth}${sexField(passport)}${expiry}${personal}${composite % 10}`,
  ]
}

/** The three lines on the back of an enhanced card (ICAO Doc 9303, part 5). */
export function cardLines(card: Card): string[] {
  const code = filled(card.zoneCode ?? 'I', 2)
  const first = filled(`${code}USA${checked(card.number.padEnd(9, '<'))}`, 30)
  const birth = checked(shortDate(card.dateOfBirth))
  const expiry = checked(filled(shortDate(card.expiresOn ?? ''), 6))
  const optional = filled('', 11)
  const composite = checkDigit(`${first.slice(5)}${birth}${expiry}${optional}`)
  return [
    first,
    `${birth}${sexField(card)}${expiry}USA${optional}${composite}`,
    filled(nameField(card), 30),
  ]
}

/** Sum of the characters' values, weighted 7, 3, 1 in turn, modulo 10. */
function checkDigit(text: string): number {
  const sum = [...text].reduce(
    (total, char, index) => total + characterValue(char) * weightAt(index),
    0,
  )
  return sum % 10
}

const weightAt = (index: number): number => [7, 3, 1][index % 3] ?? 0

function characterValue(char: string): number {
  return char === '<' ? 0 : Number.parseInt(char, 36)
}

const checked = (text: string): string => `${text}${checkDigit(text)}`

const filled = (text: string, length: number): string => text.padEnd(length, '<').slice(0, length)

const shortDate = (isoDate: string): string => isoDate.slice(2).replaceAll('-', '')

const sexField = ({ sex }: { readonly sex: string }): string => (sex === 'X' ? '<' : sex)

function nameField({
  firstName,
  lastName,
}: {
  readonly firstName: string
  readonly lastName: string
}): string {
  return `${lastName}<<${firstName}`.replaceAll(/[ -]/g, '<')
}
