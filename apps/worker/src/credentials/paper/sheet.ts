import type { Faces } from './faces.ts'
import { type Element, type ElementOptions, type PaperDocument, page } from './paper-document.ts'
import type { Face } from './shapes.ts'
import { linesOf, type Style, writeLines } from './write.ts'

/** The page that is being drawn. Measures are points. */
export interface Sheet {
  readonly document: PaperDocument
  readonly root: Element
  readonly faces: Faces
  readonly styles: typeof styles
  readonly left: number
  /** Between the margins. */
  readonly width: number
  readonly bottom: number
}

const margin = 66

export function createSheet(document: PaperDocument, root: Element, faces: Faces): Sheet {
  return {
    document,
    root,
    faces,
    styles,
    left: margin,
    width: page.width - 2 * margin,
    bottom: page.height - margin,
  }
}

const [ink, grey, accent] = ['#1b1b1b', '#565c65', '#162e51']

const style = (face: Face, size: number, leading: number): Style => ({
  face,
  size,
  leading,
  color: ink,
})

const styles = {
  ink,
  accent,
  title: { ...style('bold', 26, 33), color: accent },
  quiet: { ...style('regular', 11, 15), color: grey },
  label: { ...style('regular', 9, 12), color: grey },
  name: style('bold', 21, 27),
  longName: style('bold', 12, 17),
  value: style('regular', 13, 17),
  heading: { ...style('bold', 12.5, 17), color: accent },
  smallHeading: { ...style('bold', 10, 14), color: accent },
  body: style('regular', 10, 15),
  small: style('regular', 9, 13),
  fine: { ...style('regular', 6.2, 8.6), color: grey },
}

/** Of a text from margin to margin. */
export function heightOf({ document, width }: Sheet, text: string, style: Style): number {
  return linesOf(document, text, { style, width }).length * style.leading
}

export interface Writing {
  readonly type: string
  readonly text: string
  readonly style: Style
  readonly top: number
  /** From margin to margin unless they say otherwise. */
  readonly left?: number
  readonly width?: number
  readonly options?: ElementOptions
}

/** Writes a text as an element of its own. Returns where it ends. */
export function writeElement(sheet: Sheet, parent: Element, writing: Writing): number {
  const { document, left, width } = sheet
  const { type, text, style, top, options = {} } = writing
  const at = { x: writing.left ?? left, y: top }
  const lines = linesOf(document, text, { style, width: writing.width ?? width })
  parent.add(document.struct(type, options, () => writeLines(document, lines, { style, at })))
  return top + lines.length * style.leading
}

/** Writes an address so that it can be followed. `title` is what is read out of it. */
export function link(
  sheet: Sheet,
  parent: Element,
  { url, title, style, top }: { url: string; title: string; style: Style; top: number },
): void {
  const { document, left, width } = sheet
  const lines = linesOf(document, url, { style, width })
  const element = document.struct('Link')
  parent.add(element)
  element.add(() => writeLines(document, lines, { style, at: { x: left, y: top } }))
  document.link(left, top, width, lines.length * style.leading, url, {
    structParent: element,
    // pdfkit writes a plain string as a name; a boxed one as a text.
    Contents: Object(title),
  })
}
