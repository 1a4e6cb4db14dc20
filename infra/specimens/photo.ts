import sharp, { type OverlayOptions, type Sharp } from 'sharp'
import { seededRandom } from './random.ts'

/** How a side is photographed. Nothing given: from above, on a table, in good light. */
export interface Shot {
  /** Degrees, clockwise. */
  readonly turn?: number
  /** The camera is held at a slant: the picture leans by this share of its width. */
  readonly slant?: number
  /** What it lies on: plain and dark, unless said otherwise. */
  readonly table?: 'white' | 'wooden'
  /** The camera lies on its side and says so in the EXIF data. */
  readonly exifRotated?: boolean
  /** Only the paper: a scan. */
  readonly withoutTable?: boolean
  /** Shares of the photo that are cut off. */
  readonly crop?: { readonly left?: number; readonly right?: number; readonly bottom?: number }
  /** Something on the photo, in shares of its width and height. */
  readonly spot?: Spot
  /** Sigma in pixels. */
  readonly blur?: number
  /** Pixels of the longer side. */
  readonly longSide?: number
  /** Sigma in steps of brightness, for an 8-bit picture. */
  readonly noise?: number
  /** 1 is good light. */
  readonly light?: number
  /** Of the JPEG, 1 to 100. */
  readonly quality?: number
  readonly format?: 'jpeg' | 'png'
}

export interface Spot {
  readonly kind: 'glare' | 'scratch'
  readonly x: number
  readonly y: number
  readonly radius: number
}

/** In the order in which it happens: table, light on the paper, lens, sensor, file. */
export async function photograph(drawn: Buffer, shot: Shot = {}): Promise<Buffer> {
  const laid = await lay(drawn, shot)
  const cropped = await crop(laid, shot)
  const spotted = shot.spot
    ? await png(sharp(cropped).composite([await spotOn(cropped, shot.spot)]))
    : cropped
  const blurred = shot.blur === undefined ? spotted : await png(sharp(spotted).blur(shot.blur))
  const { longSide = await longSideOf(blurred) } = shot
  const sized = await png(
    sharp(blurred).resize({ width: longSide, height: longSide, fit: 'inside' }),
  )
  return encode(sharp(await expose(sized, shot)), shot)
}

async function lay(drawn: Buffer, shot: Shot): Promise<Buffer> {
  const { turn = 0, slant = 0, withoutTable = false } = shot
  if (withoutTable) return drawn
  const lit = sharp(drawn).linear(0.88, 8).ensureAlpha()
  const clear = { r: 0, g: 0, b: 0, alpha: 0 }
  const margins = { left: 140, right: 140, top: 120, bottom: 120 }
  const framed = await png(lit.extend({ ...margins, background: clear }))
  const turned = turn === 0 ? framed : await png(sharp(framed).rotate(turn, { background: clear }))
  const matrix: [number, number, number, number] = [1, slant, slant / 2, 1 - slant]
  const slanted =
    slant === 0 ? turned : await png(sharp(turned).affine(matrix, { background: clear }))
  const size = await sharp(slanted).metadata()
  return png(
    sharp(tableOf(size, shot))
      .composite([{ input: slanted }])
      .removeAlpha(),
  )
}

/** SVG. */
function tableOf({ width, height }: { width: number; height: number }, { table }: Shot): Buffer {
  const color = table === 'white' ? '#f4f4f2' : '#5a4634'
  const grain = Array.from(
    { length: table === 'wooden' ? Math.ceil(height / 14) : 0 },
    (_, row) => {
      const [y, bend] = [row * 14, 12 * Math.sin(row)]
      return `<path d="M0 ${y} Q ${width / 2} ${y + bend} ${width} ${y - bend}" stroke="#3d2c1e" stroke-width="${2 + (row % 3)}" fill="none"/>`
    },
  )
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="${color}"/>${grain.join('')}</svg>`)
}

async function crop(photo: Buffer, { crop: shares }: Shot): Promise<Buffer> {
  if (!shares) return photo
  const { width, height } = await sharp(photo).metadata()
  const left = Math.round(width * (shares.left ?? 0))
  const right = Math.round(width * (shares.right ?? 0))
  const bottom = Math.round(height * (shares.bottom ?? 0))
  return png(
    sharp(photo).extract({ left, top: 0, width: width - left - right, height: height - bottom }),
  )
}

async function spotOn(photo: Buffer, { kind, x, y, radius }: Spot): Promise<OverlayOptions> {
  const { width, height } = await sharp(photo).metadata()
  const [cx, cy, r] = [width * x, height * y, width * radius]
  const mark = kind === 'glare' ? glareMark(cx, cy, r) : scratchMark(cx, cy, r)
  const input =
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><radialGradient id="glare"><stop offset="0" stop-color="#fff"/><stop offset=".7" stop-color="#fff"/>
    <stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>${mark}</svg>`)
  return { input }
}

const glareMark = (x: number, y: number, r: number): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${r}" ry="${r * 0.75}" fill="url(#glare)"/>`

/** A zigzag, as a key leaves it. */
function scratchMark(x: number, y: number, r: number): string {
  const points = Array.from({ length: 16 }, (_, index) => {
    const across = x - r + (2 * r * index) / 15
    return `${across},${y + (index % 2 === 0 ? -0.3 : 0.3) * r}`
  })
  return `<polyline points="${points.join(' ')}" fill="none" stroke="#333" stroke-width="22"/>`
}

/** Less light leaves fewer steps of brightness, and as much noise as before. */
async function expose(photo: Buffer, { light = 1, noise = 0 }: Shot): Promise<Buffer> {
  if (light === 1 && noise === 0) return photo
  const { data, info } = await sharp(photo)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const random = seededRandom(1)
  for (let index = 0; index < data.length; index++) {
    // The sum of four even numbers is near enough to a normal one, with a variance of a third.
    const even = random() + random() + random() + random() - 2
    data[index] = Math.max(
      0,
      Math.min(255, (data[index] ?? 0) * light + even * Math.sqrt(3) * noise),
    )
  }
  const { width, height, channels } = info
  return png(sharp(data, { raw: { width, height, channels } }))
}

async function encode(photo: Sharp, { exifRotated = false, quality = 88, format = 'jpeg' }: Shot) {
  const turned = exifRotated
    ? sharp(await png(photo.rotate(270))).withMetadata({ orientation: 6 })
    : photo
  return format === 'png' ? turned.png().toBuffer() : turned.jpeg({ quality }).toBuffer()
}

async function longSideOf(photo: Buffer): Promise<number> {
  const { width, height } = await sharp(photo).metadata()
  return Math.max(width, height)
}

const png = (image: Sharp): Promise<Buffer> => image.png({ compressionLevel: 1 }).toBuffer()
