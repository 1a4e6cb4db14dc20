/** What the first look at a file finds, before any decoder has touched it. */
export interface ImageFile {
  readonly format: 'jpeg' | 'png'
  readonly width: number
  readonly height: number
  readonly animated: boolean
  /** Bytes of the picture that a decoder must hold at once: all of them where it comes in passes, else a few rows. */
  readonly heldBytes: number
  /** Where the image ends. What follows belongs to something else, and most phones write something there. */
  readonly end: number
}

/** Reads the structure of a JPEG or PNG. `undefined`: it is neither; `damaged`: it begins as one and breaks off. */
export function inspectImageFile(bytes: Uint8Array): ImageFile | 'damaged' | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.subarray(0, 8).equals(pngSignature)) return inspectPng(buffer)
  if (buffer.length > 2 && buffer.readUIntBE(0, 3) === 0xffd8ff) return inspectJpeg(buffer)
  return undefined
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Length, name, data and checksum, again and again, from IHDR to IEND (PNG specification, section 5). */
function inspectPng(buffer: Buffer): ImageFile | 'damaged' {
  if (buffer.length < 33 || buffer.toString('latin1', 12, 16) !== 'IHDR') return 'damaged'
  const size = { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) }
  const pixelBytes = (pngChannels[buffer[25] ?? 0] ?? 4) * Math.ceil((buffer[24] ?? 0) / 8)
  const isInterlaced = buffer[28] !== 0
  const heldBytes = isInterlaced ? size.width * size.height * pixelBytes : 0
  let animated = false
  for (let at = 8; at + 12 <= buffer.length; ) {
    const name = buffer.toString('latin1', at + 4, at + 8)
    const end = at + 12 + buffer.readUInt32BE(at)
    if (end > buffer.length) break
    if (name === 'acTL') animated = true
    if (name === 'IEND') return { format: 'png', ...size, heldBytes, animated, end }
    at = end
  }
  return 'damaged'
}

/** By the type of colour; those of a palette are looked up. */
const pngChannels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 }

/** Marker segments up to EOI; between them, after SOS, the coded image (ITU-T T.81, annex B). */
function inspectJpeg(buffer: Buffer): ImageFile | 'damaged' {
  let frame: JpegFrame | undefined
  let scans = 0
  for (let at = 2; at + 4 <= buffer.length + 2; ) {
    if (buffer[at] !== 0xff) return 'damaged'
    const marker = buffer[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0xd9) {
      return frame ? toImageFile(frame, { scans, end: at + 2 }) : 'damaged'
    }
    if (at + 9 > buffer.length) return 'damaged'
    if (isFrameHeader(marker)) frame = frameAt(buffer, at)
    if (marker === 0xda) scans += 1
    if (scans > maxScans) return 'damaged'
    const segmentEnd = at + 2 + buffer.readUInt16BE(at + 2)
    at = marker === 0xda ? endOfScan(buffer, segmentEnd) : segmentEnd
  }
  return 'damaged'
}

/** Each may go over the whole picture again, and no decoder stops in the middle of it. Encoders write a dozen. */
const maxScans = 100

interface JpegFrame {
  readonly width: number
  readonly height: number
  /** Of each pixel, over all components: 3 in full colour, 1.5 with colour at half the resolution. */
  readonly samples: number
}

/** A decoder keeps two bytes for each sample until the last scan has come. */
function toImageFile(
  { width, height, samples }: JpegFrame,
  { scans, end }: { readonly scans: number; readonly end: number },
): ImageFile {
  const heldBytes = scans > 1 ? Math.ceil(2 * samples * width * height) : 0
  return { format: 'jpeg', width, height, heldBytes, animated: false, end }
}

function frameAt(buffer: Buffer, at: number): JpegFrame {
  const sampling = Array.from({ length: buffer[at + 9] ?? 0 }, (_, component) => {
    const both = buffer[at + 11 + 3 * component] ?? 0
    return { across: both >> 4, down: both & 15 }
  })
  const across = Math.max(1, ...sampling.map((one) => one.across))
  const down = Math.max(1, ...sampling.map((one) => one.down))
  const samples = sampling.reduce((sum, one) => sum + (one.across * one.down) / (across * down), 0)
  return { width: buffer.readUInt16BE(at + 7), height: buffer.readUInt16BE(at + 5), samples }
}

/** SOF0 to SOF15, without the tables that lie among them (DHT, JPG, DAC). */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

/** The next marker that is neither a stuffed byte nor a restart. */
function endOfScan(buffer: Buffer, start: number): number {
  let at = buffer.indexOf(0xff, start)
  while (at !== -1 && at + 1 < buffer.length) {
    const next = buffer[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
    at = buffer.indexOf(0xff, next === 0xff ? at + 1 : at + 2)
  }
  return buffer.length
}
