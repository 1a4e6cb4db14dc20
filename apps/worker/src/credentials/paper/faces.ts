import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { create, type Font } from 'fontkit'

/** DejaVu Sans, in two weights. */
export type Face = 'regular' | 'bold'
export type Faces = Readonly<Record<Face, Font>>

let loaded: Faces | undefined

/**
 * The faces for one document. They are parsed once, which costs more than drawing a page, but remember no glyph from
 * one document to the next: fontkit keeps with a glyph the characters that it stood for first, so what one person's
 * name was written with would decide how another's is read out.
 */
export function facesForOne(): Faces {
  loaded ??= { regular: load('DejaVuSans.ttf'), bold: load('DejaVuSans-Bold.ttf') }
  for (const face of Object.values(loaded)) Object.assign(face, { _glyphs: {} })
  return loaded
}

function load(file: string): Font {
  const place = fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`))
  const font = create(readFileSync(place))
  if (!('layout' in font)) throw new Error('A file with several fonts, where one is expected')
  return font
}

/** Whether it has a shape for every character. What it lacks would be printed as an empty box. */
export function canWrite(face: Font, text: string): boolean {
  return [...text].every((char) => face.hasGlyphForCodePoint(char.codePointAt(0) ?? 0))
}
