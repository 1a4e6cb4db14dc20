import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import sharp, { type OverlayOptions } from 'sharp'

/** OCR-B is the typeface of machine-readable zones; the other stands for whatever an agency prints with. */
export type Typeface = 'OCRB' | 'Inconsolata'

export interface Line {
  readonly text: string
  readonly left: number
  readonly top: number
  /** In points at 144 dots per inch: a capital letter is about 1.3 times as many pixels high. */
  readonly size: number
  readonly color?: string
  readonly typeface?: Typeface
  /** The text is made narrower, never wider, to fit. In pixels. */
  readonly maxWidth?: number
}

/** Text as an overlay. The fonts come with a package, so that every machine draws the same picture. */
export async function drawLine(line: Line): Promise<OverlayOptions> {
  const { text, left, top, size, color = '#1a1a1a', typeface = 'Inconsolata', maxWidth } = line
  const image = sharp({
    text: {
      text: `<span foreground="${color}">${escapeMarkup(text)}</span>`,
      font: `${typeface} ${size}`,
      fontfile: fontFiles[typeface],
      rgba: true,
      dpi: 144,
    },
  })
  const drawn = await image.png().toBuffer({ resolveWithObject: true })
  if (maxWidth === undefined || drawn.info.width <= maxWidth) {
    return { input: drawn.data, left, top }
  }
  const narrowed = await sharp(drawn.data).resize({ width: maxWidth }).png().toBuffer()
  return { input: narrowed, left, top }
}

const fonts = join(dirname(createRequire(import.meta.url).resolve('bwip-js/node')), '../fonts')

const fontFiles = {
  OCRB: join(fonts, 'OCRB7.ttf'),
  Inconsolata: join(fonts, 'Inconsolata.otf'),
} satisfies Record<Typeface, string>

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
