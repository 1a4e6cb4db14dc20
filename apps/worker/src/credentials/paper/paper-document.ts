import type { Font } from 'fontkit'
import PDFDocument from 'pdfkit'
import type { Faces } from './faces.ts'
import type { Face } from './shapes.ts'

/** Points from the upper left corner of the page. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** One element of the structure that a screen reader follows. */
export interface Element {
  /** A function draws what is the element's own; the element must have its place in the structure by then. */
  add(child: Element | (() => void)): Element
  end(): void
}

export interface ElementOptions {
  /** What is read out in place of a picture. */
  readonly alt?: string
  /** What the drawn letters say, where their order or their lines do not. */
  readonly actual?: string
  readonly bbox?: readonly [left: number, top: number, right: number, bottom: number]
  readonly scope?: 'Row'
}

/** What we use of pdfkit. Its published types know neither PDF/UA nor parsed fonts nor the attributes of elements. */
export interface PaperDocument {
  registerFont(face: Face, font: Font): this
  font(face: Face, size: number): this
  fillColor(color: string): this
  widthOfString(text: string, options?: TextOptions): number
  text(text: string, x: number, y: number, options: TextOptions): this
  rect(x: number, y: number, width: number, height: number): this
  fill(color: string): this
  save(): this
  restore(): this
  translate(x: number, y: number): this
  scale(factor: number): this
  link(x: number, y: number, width: number, height: number, url: string, options: object): this
  struct(type: string, options?: ElementOptions, draw?: () => void): Element
  addStructure(root: Element): this
  /** What is drawn until it ends is decoration, which nobody reads out. */
  markContent(type: 'Artifact', options: { readonly type: 'Layout' }): this
  endMarkedContent(): this
  end(): void
}

export interface TextOptions {
  readonly lineBreak?: false
  /** If it is there, the text is shaped as a whole, as a text from right to left must be. */
  readonly features?: readonly string[]
}

/** U.S. Letter: 8½ by 11 inches. */
export const page = { width: 612, height: 792 } as const

export interface DocumentOptions {
  readonly title: string
  readonly createdAt: Date
  readonly faces: Faces
}

/**
 * Draws one tagged page (PDF/UA-1, ISO 14289-1). The file is the same whenever it is made, but for what is drawn.
 *
 * @param draw Is given the element of the whole document to add to.
 */
export async function drawDocument(
  { title, createdAt, faces }: DocumentOptions,
  draw: (document: PaperDocument, root: Element) => void,
): Promise<Buffer> {
  const options = {
    size: [page.width, page.height],
    margin: 0,
    pdfVersion: '1.7',
    subset: 'PDF/UA',
    tagged: true,
    lang: 'en-US',
    displayTitle: true,
    // Otherwise a font of pdfkit's own would be there, and not be embedded.
    font: '',
    info: { Title: title, Creator: 'Anteroom', Producer: 'Anteroom', CreationDate: createdAt },
  }
  const pdf = new PDFDocument(options as object)
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  // The published types lack what `PaperDocument` names.
  const document = pdf as unknown as PaperDocument
  document.registerFont('regular', faces.regular).registerFont('bold', faces.bold)
  const root = document.struct('Document')
  document.addStructure(root)
  draw(document, root)
  root.end()
  document.end()
  return new Promise((resolve, reject) => {
    pdf.on('end', () => resolve(Buffer.concat(chunks)))
    pdf.on('error', reject)
  })
}
