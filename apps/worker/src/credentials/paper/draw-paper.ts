import type { CredentialClaims } from '@anteroom/credential'
import { drawCode } from './draw-code.ts'
import { drawFact, drawName } from './draw-facts.ts'
import { factsOf } from './facts.ts'
import { heightOf, link, type Sheet, writeElement } from './sheet.ts'
import { texts } from './texts.ts'

export interface Printed {
  readonly claims: CredentialClaims
  readonly issuerName: string
  /** Address of the page that checks, and its host alone. */
  readonly page: string
  readonly host: string
  /** What the code holds. */
  readonly url: string
}

/** Points: 53 mm, and the quiet zone around it. */
const codeSide = 150
const codeRoom = 12

/** From top to bottom, in the order in which it is read out. */
export function drawPaper(sheet: Sheet, printed: Printed): void {
  const belowHeading = drawHeading(sheet, printed)
  const table = sheet.document.struct('Table')
  sheet.root.add(table)
  const belowName = drawName(sheet, table, { claims: printed.claims, top: belowHeading + 23 }) + 20
  let belowFacts = belowName
  for (const fact of factsOf(printed.claims)) {
    const width = sheet.width - codeSide - codeRoom
    belowFacts = drawFact(sheet, table, { ...fact, top: belowFacts, width }) + 13
  }
  const belowCode = drawCheck(sheet, printed, belowName + 3)
  const belowSteps = drawSteps(sheet, printed, Math.max(belowFacts, belowCode) + 22)
  drawAsText(sheet, printed, Math.max(belowSteps + 22, topOfText(sheet, printed)))
}

function drawHeading(sheet: Sheet, { issuerName }: Printed): number {
  const { document, root, styles, left, width } = sheet
  writeElement(sheet, root, { type: 'H1', text: texts.title, style: styles.title, top: 58 })
  const issuer = texts.issuedBy(issuerName)
  const quiet = { type: 'P', text: issuer, style: styles.quiet }
  const rule = writeElement(sheet, root, { ...quiet, top: 98 }) + 15
  document.markContent('Artifact', { type: 'Layout' })
  document.rect(left, rule, width, 1.5).fill(styles.accent).endMarkedContent()
  return rule + 1.5
}

/** The code at the right, with a word below it. */
function drawCheck(sheet: Sheet, { url, host }: Printed, top: number): number {
  const { document, root, styles, left, width } = sheet
  const at = { x: left + width - codeSide, y: top }
  const bottom = top + codeSide
  const figure = document.struct(
    'Figure',
    { alt: texts.codeAlt(host), bbox: [at.x, top, at.x + codeSide, bottom] },
    () => drawCode(document, url, { at, side: codeSide, color: styles.ink }),
  )
  root.add(figure)
  const place = { left: at.x, top: bottom + codeRoom, width: codeSide }
  return writeElement(sheet, root, {
    type: 'P',
    text: texts.codeCaption,
    style: styles.label,
    ...place,
  })
}

function drawSteps(sheet: Sheet, { host }: Printed, top: number): number {
  const { document, root, styles, left, width } = sheet
  const heading = { type: 'H2', text: texts.howToCheck, style: styles.heading }
  let y = writeElement(sheet, root, { ...heading, top }) + 6
  const list = document.struct('L')
  root.add(list)
  for (const [index, text] of texts.steps(host).entries()) {
    const item = document.struct('LI')
    list.add(item)
    const mark = { type: 'Lbl', text: `${index + 1}.`, style: styles.body }
    writeElement(sheet, item, { ...mark, top: y })
    const place = { left: left + 18, width: width - 18, top: y }
    y = writeElement(sheet, item, { type: 'LBody', text, style: styles.body, ...place }) + 3
  }
  const last = { type: 'P', text: texts.onlyTheCheckCounts, style: styles.body }
  return writeElement(sheet, root, { ...last, top: y + 3 })
}

/** Where the last block begins if it ends at the lower margin. */
function topOfText(sheet: Sheet, { page, url }: Printed): number {
  const { styles, bottom } = sheet
  const { smallHeading, small, fine } = styles
  const height = heightOf(sheet, texts.enterText(page), small) + heightOf(sheet, url, fine)
  return bottom - smallHeading.leading - height - 8
}

/** The same again as letters, for who has the file or no camera. */
function drawAsText(sheet: Sheet, { page, url }: Printed, top: number): void {
  const { root, styles } = sheet
  const heading = { type: 'H2', text: texts.withoutCamera, style: styles.smallHeading }
  const below = writeElement(sheet, root, { ...heading, top }) + 3
  const explained = { type: 'P', text: texts.enterText(page), style: styles.small }
  const start = writeElement(sheet, root, { ...explained, top: below }) + 5
  link(sheet, root, { url, title: texts.linkTitle, style: styles.fine, top: start })
}
