import { create, type Font } from 'fontkit'
import { type Face, readFace } from './shapes.ts'

export type Faces = Readonly<Record<Face, Font>>

let loaded: Faces | undefined

/**
 * The faces for one document. They are parsed once, which costs more than drawing a page, but remember no glyph from
 * one document to the next: fontkit keeps with a glyph the characters that it stood for first, so what one person's
 * name was written with would decide how another's is read out.
 */
export function facesForOne(): Faces {
  loaded ??= { regular: load('regular'), bold: load('bold') }
  for (const face of Object.values(loaded)) Object.assign(face, { _glyphs: {} })
  return loaded
}

function load(face: Face): Font {
  const font = create(readFace(face))
  if (!('layout' in font)) throw new Error('A file with several fonts, where one is expected')
  return font
}
