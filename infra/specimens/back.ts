import { type RenderOptions, toBuffer } from 'bwip-js/node'
import sharp, { type OverlayOptions } from 'sharp'
import { aamvaText } from './aamva.ts'
import { cardSize, plainCard } from './background.ts'
import type { Card } from './card.ts'
import { cardLines } from './mrz.ts'
import { drawLine } from './text.ts'

/** The back of a card: the barcode, small print and, on an enhanced card, the machine-readable zone. PNG. */
export async function drawBack(card: Card): Promise<Buffer> {
  const zone = card.enhanced ? await machineReadableZone(card) : []
  const bars = card.flaw === 'no-barcode' ? [] : [await barcode(card)]
  const overlays = [...bars, ...(await smallPrint(card)), ...zone]
  return sharp(plainCard(card.layout)).composite(overlays).removeAlpha().png().toBuffer()
}

/** The package's own types leave out what only some barcodes know. */
interface Pdf417Options extends RenderOptions {
  readonly columns: number
  readonly eclevel: number
  readonly rowmult: number
}

async function barcode(card: Card): Promise<OverlayOptions> {
  const options: Pdf417Options = {
    bcid: 'pdf417',
    text: aamvaText(card),
    columns: 13,
    eclevel: 5,
    scale: 4,
    rowmult: 3,
    paddingwidth: 8,
    paddingheight: 8,
    backgroundcolor: 'FFFFFF',
  }
  const drawn = await toBuffer(options)
  const width = Math.round(cardSize.width * 0.85)
  const height = card.enhanced ? 380 : 430
  const input = await sharp(drawn).resize({ width, height, fit: 'fill' }).png().toBuffer()
  return { input, left: Math.round((cardSize.width - width) / 2), top: 120 }
}

function smallPrint(card: Card): Promise<OverlayOptions[]> {
  const lines = [
    { text: `SPECIMEN - NOT A REAL DOCUMENT - ${card.stateName}`, left: 120, top: 50, size: 20 },
    { text: 'CLASS: D NON-COMMERCIAL   END: NONE   RESTR: NONE', left: 120, top: 570, size: 14 },
    { text: 'If found drop in any mailbox. Postage guaranteed.', left: 120, top: 620, size: 14 },
  ]
  return Promise.all(lines.map((line) => drawLine({ ...line, color: '#334' })))
}

function machineReadableZone(card: Card): Promise<OverlayOptions[]> {
  const lines = cardLines(card.zoneOf ?? card).map((text, row) => ({
    text,
    left: 110,
    top: 720 + row * 85,
    size: 28,
  }))
  return Promise.all(
    lines.map((line) => drawLine({ ...line, typeface: 'OCRB', color: '#111', maxWidth: 1380 })),
  )
}
