import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { type Grey, turned } from './grey.ts'

export interface Barcode {
  readonly text: string
  /** By how many degrees to turn the picture clockwise so that the barcode is upright. */
  readonly turn: number
}

/**
 * The PDF417 barcode, if one can be read. The decoder stands two or three degrees of tilt, so the picture is turned
 * by each angle in turn (degrees, clockwise) until it can.
 */
export async function readBarcode(
  picture: Grey,
  angles: readonly number[],
): Promise<Barcode | undefined> {
  await ready()
  for (const angle of angles) {
    const barcode = await readTurned(await turned(picture, angle))
    if (barcode) return { ...barcode, turn: angle + barcode.turn }
  }
  return undefined
}

async function readTurned(picture: Grey): Promise<Barcode | undefined> {
  const [symbol] = await readBarcodes(toPgm(picture), {
    formats: ['PDF417'],
    tryHarder: true,
    maxNumberOfSymbols: 1,
    textMode: 'Plain',
  })
  if (!symbol?.isValid) return undefined
  const { topLeft, topRight } = symbol.position
  const slope = (Math.atan2(topRight.y - topLeft.y, topRight.x - topLeft.x) * 180) / Math.PI
  // The standard's characters are those of ISO 8859-1; the decoder would guess.
  return { text: Buffer.from(symbol.bytes).toString('latin1'), turn: -Math.round(slope / 90) * 90 }
}

/** The plainest picture file there is, which the decoder opens without a copy in colour. */
function toPgm({ data, width, height }: Grey): Uint8Array<ArrayBuffer> {
  const header = Buffer.from(`P5\n${width} ${height}\n255\n`)
  const file = new Uint8Array(header.length + data.length)
  file.set(header)
  file.set(data, header.length)
  return file
}

let module: Promise<unknown> | undefined

/** Once per thread. Without the file handed in, the package would fetch it from the network. */
function ready(): Promise<unknown> {
  module ??= loadModule()
  return module
}

async function loadModule(): Promise<void> {
  const file = await readFile(
    fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')),
  )
  const wasmBinary = new Uint8Array(file).buffer
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true })
}
