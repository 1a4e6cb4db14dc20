import { fillLines } from './fill-lines.ts'
import type { PaperDocument, Place } from './paper-document.ts'
import type { Face } from './shapes.ts'
import { visualRuns } from './visual-runs.ts'

export interface Style {
  readonly face: Face
  /** In points, as is `leading`: from one line to the next. */
  readonly size: number
  readonly leading: number
  readonly color: string
}

/** The lines of a text in this style, no wider than `width` points. */
export function linesOf(
  document: PaperDocument,
  text: string,
  { style, width }: { readonly style: Style; readonly width: number },
): readonly string[] {
  document.font(style.face, style.size)
  return fillLines(text, width, (letter) => document.widthOfString(letter))
}

/** Writes lines below one another, each from its left end. */
export function writeLines(
  document: PaperDocument,
  lines: readonly string[],
  { style, at }: { readonly style: Style; readonly at: Place },
): void {
  document.font(style.face, style.size).fillColor(style.color)
  for (const [index, line] of lines.entries()) {
    // The space keeps the last word of a line apart from the first of the next, wherever the text is taken out.
    const isLast = index === lines.length - 1
    writeLine(document, isLast ? line : `${line} `, { x: at.x, y: at.y + index * style.leading })
  }
}

function writeLine(document: PaperDocument, line: string, at: Place): void {
  let { x } = at
  const runs = visualRuns(line)
  for (const [index, { text, rightToLeft }] of runs.entries()) {
    const options = rightToLeft ? { features: [] } : {}
    document.text(text, x, at.y, { ...options, lineBreak: false })
    if (index < runs.length - 1) x += document.widthOfString(text, options)
  }
}
