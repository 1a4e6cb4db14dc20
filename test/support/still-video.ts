import sharp from 'sharp'

/** A film of one image, uncompressed, as Chromium's pretended camera reads it: YUV4MPEG2. */
export async function stillVideo(image: Buffer): Promise<Buffer> {
  const { data, info } = await sharp(image)
    .resize(1_600, 1_062)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const pixel = (x: number, y: number) =>
    data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)
  const whole = plane({ width, height }, (x, y) => weigh(pixel(x, y), [0.299, 0.587, 0.114], 0))
  const half = { width: width / 2, height: height / 2 }
  const blue = plane(half, (x, y) => weigh(pixel(2 * x, 2 * y), [-0.169, -0.331, 0.5], 128))
  const red = plane(half, (x, y) => weigh(pixel(2 * x, 2 * y), [0.5, -0.419, -0.081], 128))
  const header = `YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`
  return Buffer.concat([Buffer.from(header), whole, blue, red])
}

interface Size {
  readonly width: number
  readonly height: number
}

function plane({ width, height }: Size, valueAt: (x: number, y: number) => number): Buffer {
  const values = Buffer.alloc(width * height)
  for (let at = 0; at < values.length; at += 1) {
    values[at] = valueAt(at % width, Math.floor(at / width))
  }
  return values
}

function weigh(pixel: Uint8Array, weights: readonly number[], offset: number): number {
  const sum = weights.reduce((all, weight, at) => all + weight * (pixel[at] ?? 0), offset)
  return Math.min(255, Math.max(0, Math.round(sum)))
}
