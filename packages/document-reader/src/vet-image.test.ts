import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { vetImage } from './vet-image.ts'

const plain = { create: { width: 80, height: 50, channels: 3, background: '#abc' } } as const

const jpeg = await sharp(plain).jpeg().toBuffer()
const progressive = await sharp(plain).jpeg({ progressive: true }).toBuffer()
const png = await sharp(plain).png().toBuffer()

test.each([
  ['JPEG', jpeg],
  ['progressive JPEG', progressive],
  ['PNG', png],
])('a %s is encoded anew as JPEG', async (_what, bytes) => {
  const vetted = await vetImage(bytes)

  expect(vetted).toMatchObject({ width: 80, height: 50 })
  const { format } = await sharp(typeof vetted === 'string' ? undefined : vetted.bytes).metadata()
  expect(format).toBe('jpeg')
})

test('metadata are gone, and the orientation they told of is applied', async () => {
  const withPlace = await sharp(plain)
    .withExif({ IFD0: { ImageDescription: 'secret' }, IFD3: { GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()

  const vetted = await vetImage(withPlace)

  expect(vetted).toMatchObject({ width: 50, height: 80 })
  const bytes = typeof vetted === 'string' ? Buffer.alloc(0) : Buffer.from(vetted.bytes)
  expect(bytes.includes('Exif')).toBe(false)
  expect(bytes.includes('secret')).toBe(false)
})

test('what a phone appends to a photo is dropped', async () => {
  const vetted = await vetImage(Buffer.concat([jpeg, jpeg, Buffer.from('MotionPhoto_Data')]))

  const bytes = typeof vetted === 'string' ? Buffer.alloc(0) : Buffer.from(vetted.bytes)
  expect(bytes.includes('MotionPhoto')).toBe(false)
  expect(vetted).toMatchObject({ width: 80 })
})

const after = (text: string): Buffer => Buffer.concat([jpeg, Buffer.from(text, 'latin1')])

test.each([
  ['nothing', Buffer.alloc(0), 'wrong-file'],
  ['a text', Buffer.from('hello'), 'wrong-file'],
  ['a GIF', Buffer.from('GIF89a\x01\x00\x01\x00'), 'wrong-file'],
  ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'wrong-file'],
  ['a WebP', await sharp(plain).webp().toBuffer(), 'wrong-file'],
  ['an image and an archive', after('PK\x03\x04....PK\x05\x06'), 'wrong-file'],
  ['an image and a page', after('<html><script>alert(1)</script>'), 'wrong-file'],
  ['an image and a program', after('\x7fELF'), 'wrong-file'],
  ['a JPEG that breaks off', jpeg.subarray(0, jpeg.length - 40), 'damaged'],
  ['a PNG that breaks off', png.subarray(0, png.length - 14), 'damaged'],
  ['a JPEG of two bytes and a half', Buffer.from([0xff, 0xd8, 0xff]), 'damaged'],
  ['a PNG with a spoiled header', Buffer.concat([png.subarray(0, 8), Buffer.alloc(60)]), 'damaged'],
  ['a PNG whose pixels are spoiled', spoiled(png), 'damaged'],
  ['a PNG of a row of 500 million pixels', header(500_000_000, 1), 'too-large'],
  ['a PNG of 7000 by 7000 pixels', header(7000, 7000), 'too-large'],
  ['a file of 16 MB', Buffer.concat([jpeg, Buffer.alloc(16 * 1024 * 1024)]), 'too-large'],
  ['a PNG with frames', animated(), 'animated'],
])('%s is refused', async (_what, bytes, fault) => {
  expect(await vetImage(bytes)).toBe(fault)
})

test('any byte of a JPEG may be spoiled: it is decoded or refused', async () => {
  for (let at = 0; at < jpeg.length; at += 3) {
    const bytes = Buffer.from(jpeg)
    bytes[at] = (bytes[at] ?? 0) ^ 0xff

    const vetted = await vetImage(bytes)

    expect(typeof vetted === 'string' || vetted.width > 0).toBe(true)
  }
})

function spoiled(file: Buffer): Buffer {
  const bytes = Buffer.from(file)
  const at = bytes.indexOf('IDAT') + 8
  return bytes.fill(0xff, at, at + 20)
}

/** A PNG that claims a size and ends. */
function header(width: number, height: number): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([8, 2], 8)
  return Buffer.concat([png.subarray(0, 8), chunk('IHDR', data), chunk('IEND', Buffer.alloc(0))])
}

function animated(): Buffer {
  const control = chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))
  return Buffer.concat([png.subarray(0, 33), control, png.subarray(33)])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
