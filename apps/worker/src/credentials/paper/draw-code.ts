import encodeQr from 'qr'
import type { PaperDocument, Place } from './paper-document.ts'

/** Light modules around the code, which readers need (ISO/IEC 18004 §6.3.8). */
const quietModules = 4

/** Draws a QR code of level M as one shape, so that no seam shows between its modules. The quiet zone lies around `side`, in points. */
export function drawCode(
  document: PaperDocument,
  text: string,
  { at, side, color }: { readonly at: Place; readonly side: number; readonly color: string },
): void {
  const rows = encodeQr(text, 'raw', { ecc: 'medium', encoding: 'byte', border: quietModules })
  document.save().translate(at.x, at.y)
  document.scale(side / (rows.length - 2 * quietModules)).translate(-quietModules, -quietModules)
  for (const [y, row] of rows.entries()) {
    for (const { start, length } of darkStretches(row)) document.rect(start, y, length, 1)
  }
  document.fill(color).restore()
}

function darkStretches(row: readonly boolean[]): { start: number; length: number }[] {
  const stretches: { start: number; length: number }[] = []
  for (const [x, dark] of row.entries()) {
    const last = stretches.at(-1)
    if (dark && last && last.start + last.length === x) last.length += 1
    else if (dark) stretches.push({ start: x, length: 1 })
  }
  return stretches
}
