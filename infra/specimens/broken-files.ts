import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'

/** Files that are not what they seem, made of a good photo. */

export const textFile = Buffer.from('This is a letter, whatever its name says.\n'.repeat(200))

/** A photo that is also an archive: what follows the image is a whole ZIP file. */
export function withArchive(photo: Buffer): Buffer {
  const name = Buffer.from('run.bat')
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt32LE(photo.length, 42)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length + name.length, 12)
  end.writeUInt32LE(photo.length + local.length + name.length, 16)
  return Buffer.concat([photo, local, name, entry, name, end])
}

/** What phones append: a smaller picture of the same, for screens with more brightness. */
export async function withSecondPicture(photo: Buffer): Promise<Buffer> {
  return Buffer.concat([photo, await sharp(photo).resize({ width: 400 }).jpeg().toBuffer()])
}

export const truncated = (photo: Buffer): Buffer =>
  photo.subarray(0, Math.floor(photo.length * 0.6))

/** A PNG of three kilobytes that claims 500 million pixels. */
export function pixelBomb(): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(500_000_000, 0)
  header.writeUInt32BE(1, 4)
  header.set([1, 0], 8)
  return pngOf([
    ['IHDR', header],
    ['IDAT', deflateSync(Buffer.alloc(2_000_000))],
  ])
}

/** A PNG with a second frame. */
export async function animated(photo: Buffer): Promise<Buffer> {
  const still = await sharp(photo).resize({ width: 1600 }).png().toBuffer()
  const afterHeader = 33
  const control = chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))
  return Buffer.concat([still.subarray(0, afterHeader), control, still.subarray(afterHeader)])
}

/** Dunes at dusk: no document. */
export function landscape(): Promise<Buffer> {
  const hills = Array.from({ length: 9 }, (_, index) => {
    const y = 500 + index * 90
    const shade = 150 - index * 14
    return `<path d="M0 ${y} Q 450 ${y - 160} 900 ${y} T 1800 ${y} V1350 H0 Z" fill="rgb(${shade + 40},${shade},${shade - 20})"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1800" height="1350">
    <rect width="1800" height="1350" fill="#e7b98a"/>${hills.join('')}</svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer()
}

function pngOf(chunks: readonly (readonly [string, Buffer])[]): Buffer {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const parts = chunks.map(([name, data]) => chunk(name, data))
  return Buffer.concat([signature, ...parts, chunk('IEND', Buffer.alloc(0))])
}

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
