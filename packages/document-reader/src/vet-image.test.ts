import { execFileSync } from 'node:child_process'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { findFault, vetImage } from './vet-image.ts'
import { maxVettedBytes } from './vetted-image.ts'

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
  ['a PNG of a row of 500 million pixels', header({ width: 500_000_000, height: 1 }), 'too-large'],
  ['a PNG of 7000 by 7000 pixels', header({ width: 7000, height: 7000 }), 'too-large'],
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

test('a small file of many pixels becomes no large one', async () => {
  const file = noise({ width: 1350, height: 29_600 })
  expect(file.length).toBeLessThan(1_000_000)

  const vetted = await vetImage(file)

  expect(vetted).toMatchObject({ width: 182, height: 4000 })
  expect(typeof vetted === 'string' ? 0 : vetted.bytes.length).toBeLessThan(maxVettedBytes)
})

test('what cannot be kept small is too large', async () => {
  const noisy = { type: 'gaussian', mean: 128, sigma: 80 } as const
  const size = { width: 3_900, height: 3_900, channels: 3, background: '#888' } as const
  const file = await sharp({ create: { ...size, noise: noisy } })
    .jpeg({ quality: 60 })
    .toBuffer()

  expect(await vetImage(file)).toBe('too-large')
})

test('a JPEG of very many scans is not decoded', async () => {
  const scan = progressive.lastIndexOf(Buffer.from([0xff, 0xda]))
  const scans = Array.from({ length: 100 }, () => progressive.subarray(scan, -2))

  const file = Buffer.concat([progressive.subarray(0, scan), ...scans, progressive.subarray(-2)])

  expect(findFault(file)).toBe('damaged')
  expect(findFault(progressive)).toBeUndefined()
})

const deep = { width: 6000, height: 6000, bits: 16 } as const

/** Dark where its first corner is, on both ways from it not the same. */
const corner = await sharp({ create: { width: 96, height: 64, channels: 3, background: '#eee' } })
  .composite([
    {
      input: { create: { width: 48, height: 16, channels: 3, background: '#111' } },
      gravity: 'northwest',
    },
  ])
  .removeAlpha()
  .png()
  .toBuffer()

const flat = { create: { width: 6300, height: 6300, channels: 3, background: '#888' } } as const

const inScans = { progressive: true, chromaSubsampling: '4:4:4' } as const

test.each([
  ['a progressive JPEG of full colour', await sharp(flat).jpeg(inScans).toBuffer(), 'too-large'],
  ['an interlaced PNG', header({ ...deep, interlaced: true }), 'too-large'],
  // It says only its size, and so nothing else is wrong with it before it is decoded.
  ['a PNG that is not interlaced', header(deep), 'damaged'],
])('%s of many pixels is judged by what its decoder must hold', async (_what, file, fault) => {
  expect(await vetImage(file)).toBe(fault)
})

test('a progressive JPEG as cameras would make it may have 40 megapixels', async () => {
  const file = await sharp(flat).jpeg({ progressive: true }).toBuffer()

  expect(await vetImage(file)).toMatchObject({ width: 4000, height: 4000 })
})

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'a photo of orientation %i is turned upright',
  async (orientation) => {
    const file = await sharp(corner).withMetadata({ orientation }).png().toBuffer()
    const expected = await sharp(file).autoOrient().raw().toBuffer()

    const vetted = await vetImage(file)

    const bytes = typeof vetted === 'string' ? undefined : vetted.bytes
    const pixels = await sharp(bytes).raw().toBuffer()
    const off = pixels.map((value, index) => Math.abs(value - (expected[index] ?? 0)))
    expect(off.reduce((sum, one) => sum + one, 0) / off.length).toBeLessThan(4)
  },
)

test.each(['vet-image.ts#vetImage', 'photo.ts#openPhoto'])(
  'a photo on its side, of as many pixels as may be, costs %s little memory',
  async (what) => {
    const file = await sharp(flat).withMetadata({ orientation: 6 }).jpeg().toBuffer()

    expect(memoryMb(what, file)).toBeLessThan(200)
  },
)

/** By how much the memory of a process grows at most that does this to the file. */
function memoryMb(what: string, file: Buffer): number {
  const [module, name] = what.split('#')
  const script = `
    import { readFileSync } from 'node:fs'
    import sharp from 'sharp'
    import { ${name} } from './${module}'
    sharp.concurrency(1)
    sharp.cache(false)
    const file = readFileSync(0)
    const before = process.resourceUsage().maxRSS
    await ${name}(file)
    process.stdout.write(String(process.resourceUsage().maxRSS - before))`
  const options = { cwd: import.meta.dirname, input: file }
  const kilobytes = execFileSync(process.execPath, ['--input-type=module', '-e', script], options)
  return Number(kilobytes) / 1024
}

/** Eight rows of noise, again and again: they compress to little as PNG, and to nothing as JPEG. */
function noise({ width, height }: Pick<PngHeader, 'width' | 'height'>): Buffer {
  const row = 1 + 3 * width
  let seed = 1
  const tile = Buffer.alloc(8 * row)
  for (let at = 0; at < tile.length; at++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    tile[at] = at % row === 0 ? 0 : seed >>> 24
  }
  const pixels = Buffer.alloc(height * row, tile)
  const data = chunk('IDAT', deflateSync(pixels, { level: 9, memLevel: 9 }))
  return Buffer.concat([
    header({ width, height }).subarray(0, 33),
    data,
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function spoiled(file: Buffer): Buffer {
  const bytes = Buffer.from(file)
  const at = bytes.indexOf('IDAT') + 8
  return bytes.fill(0xff, at, at + 20)
}

interface PngHeader {
  readonly width: number
  readonly height: number
  readonly bits?: number
  readonly interlaced?: boolean
}

/** A PNG that claims a size and ends. */
function header({ width, height, bits = 8, interlaced = false }: PngHeader): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([bits, 2, 0, 0, interlaced ? 1 : 0], 8)
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
