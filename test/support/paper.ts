import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { type FoundCode, scanCodes } from './scan-codes.ts'

/** A PDF file, opened as somebody else's program opens it. */
export interface OpenedPaper {
  readonly document: PDFDocumentProxy
  /** The lines as they are taken out of the first page, in the order of the file. */
  lines(): Promise<string[]>
  /** The first page as a PNG picture. */
  picture(dotsPerInch?: number): Promise<Uint8Array>
  /** The codes on the picture. */
  codes(dotsPerInch?: number): Promise<FoundCode[]>
  /** What they say. */
  scan(dotsPerInch?: number): Promise<string[]>
  close(): Promise<void>
}

export async function openPaper(bytes: Uint8Array): Promise<OpenedPaper> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 })
  const document = await task.promise
  const page = await document.getPage(1)

  async function picture(dotsPerInch = 150): Promise<Uint8Array> {
    const viewport = page.getViewport({ scale: dotsPerInch / 72 })
    const canvas = createCanvas(document, viewport)
    await page.render({ canvas, viewport }).promise
    return canvas.toBuffer('image/png')
  }

  const codes = async (dotsPerInch?: number): Promise<FoundCode[]> =>
    scanCodes(await picture(dotsPerInch))

  return {
    document,
    picture,
    async lines() {
      const { items } = await page.getTextContent()
      return items
        .map((item) => ('str' in item ? item.str : ''))
        .filter((text) => text.trim() !== '')
    },
    codes,
    async scan(dotsPerInch) {
      return (await codes(dotsPerInch)).map(({ text }) => text)
    },
    close: () => task.destroy(),
  }
}

interface Canvas {
  toBuffer(type: 'image/png'): Uint8Array
}

/** pdfjs brings a canvas for Node along, of which its types say nothing. */
function createCanvas(
  { canvasFactory }: PDFDocumentProxy,
  { width, height }: { readonly width: number; readonly height: number },
): Canvas {
  const factory = canvasFactory as { create(width: number, height: number): { canvas: Canvas } }
  return factory.create(width, height).canvas
}
