import type { CredentialClaims } from '@anteroom/credential'
import type { Fact } from './facts.ts'
import type { Element, ElementOptions } from './paper-document.ts'
import { canWrite } from './shapes.ts'
import { type Sheet, writeElement } from './sheet.ts'
import { texts } from './texts.ts'
import { linesOf, type Style } from './write.ts'

/** The most lines in which a name is written large. */
const largeLines = 2

/** The name as large as it fits; a sentence in its place if its letters cannot be written. Both return where it ends. */
export function drawName(
  sheet: Sheet,
  table: Element,
  { claims: { fn, ln }, top }: { readonly claims: CredentialClaims; readonly top: number },
): number {
  const { document, styles, width } = sheet
  const label = texts.name
  const name = `${fn} ${ln}`
  const face = (['bold', 'regular'] as const).find((face) => canWrite(face, name))
  if (!face) return drawFact(sheet, table, { label, value: texts.unwritableName, top, width })
  const large = { ...styles.name, face }
  const fits = linesOf(document, name, { style: large, width }).length <= largeLines
  const style = fits ? large : { ...styles.longName, face }
  // Its letters may be drawn from right to left, and on more than one line.
  return drawFact(sheet, table, {
    label,
    value: name,
    top,
    width,
    style,
    reading: { actual: name },
  })
}

interface DrawnFact extends Fact {
  readonly top: number
  readonly width: number
  readonly style?: Style
  readonly reading?: ElementOptions
}

/** One row of the table, its label above its value. */
export function drawFact(sheet: Sheet, table: Element, fact: DrawnFact): number {
  const { document, styles } = sheet
  const { label, value, top, width, style = styles.value, reading = {} } = fact
  const row = document.struct('TR')
  table.add(row)
  const heading = {
    type: 'TH',
    text: label,
    style: styles.label,
    options: { scope: 'Row' },
  } as const
  const below = writeElement(sheet, row, { ...heading, top }) + 2
  return writeElement(sheet, row, {
    type: 'TD',
    text: value,
    style,
    top: below,
    width,
    options: reading,
  })
}
