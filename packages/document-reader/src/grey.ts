import sharp, { type Sharp } from 'sharp'

/** A grey picture: one byte per pixel, row by row. */
export interface Grey {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** Makes the longer side this many pixels, larger or smaller. */
export async function resized(picture: Grey, longSide: number): Promise<Grey> {
  const { width, height } = picture
  const scale = longSide / Math.max(width, height)
  if (scale === 1) return picture
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
  return toGrey(open(picture).resize({ ...size, fit: 'fill' }))
}

/** Turns clockwise by any angle, in degrees. What comes into view is mid-grey. */
export async function turned(picture: Grey, degrees: number): Promise<Grey> {
  const angle = ((degrees % 360) + 360) % 360
  if (angle === 0) return picture
  return toGrey(open(picture).rotate(angle, { background: '#808080' }))
}

/** Stretches brightness to the full range: a dark photo is as good as a bright one if it holds the same steps. */
export function stretched(picture: Grey): Grey {
  const [dark = 0, bright = 255] = percentiles(picture, [0.01, 0.99])
  const range = Math.max(1, bright - dark)
  const table = Uint8Array.from({ length: 256 }, (_, value) =>
    Math.max(0, Math.min(255, ((value - dark) * 255) / range)),
  )
  return { ...picture, data: picture.data.map((value) => table[value] ?? 0) }
}

/** Brightness below which these shares of all pixels lie. */
export function percentiles({ data }: Grey, shares: readonly number[]): number[] {
  const histogram = new Uint32Array(256)
  const counted = Math.ceil(data.length / stride)
  for (let index = 0; index < data.length; index += stride) {
    const value = data[index] ?? 0
    histogram[value] = (histogram[value] ?? 0) + 1
  }
  return shares.map((share) => {
    let left = share * counted
    return histogram.findIndex((count) => {
      left -= count
      return left <= 0
    })
  })
}

/** A sample is enough; a prime number, so that it does not fall into step with the rows. */
const stride = 7

export async function toGrey(image: Sharp): Promise<Grey> {
  const { data, info } = await image
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data: firstChannel(data, info.channels), width: info.width, height: info.height }
}

function firstChannel(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return data
  const grey = new Uint8Array(data.length / channels)
  for (let index = 0; index < grey.length; index++) grey[index] = data[index * channels] ?? 0
  return grey
}

function open({ data, width, height }: Grey): Sharp {
  return sharp(data, { raw: { width, height, channels: 1 } })
}
