import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

/** A QR code in a picture. */
export interface FoundCode {
  readonly text: string
  /** In dots, without the quiet zone. */
  readonly width: number
}

let scanner: Promise<void> | undefined

/** @param picture A PNG file. */
export async function scanCodes(picture: Uint8Array): Promise<FoundCode[]> {
  scanner ??= loadScanner()
  await scanner
  const found = await readBarcodes(picture, { formats: ['QRCode'] })
  return found.map(({ text, position: { topLeft, topRight } }) => ({
    text,
    width: topRight.x - topLeft.x,
  }))
}

/** Without the file handed in, the package would fetch it from the network. */
async function loadScanner(): Promise<void> {
  const file = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'))
  const wasmBinary = new Uint8Array(await readFile(file)).buffer
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true })
}
