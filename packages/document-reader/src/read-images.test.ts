import sharp from 'sharp'
import { expect, test } from 'vitest'
import { readImages } from './read-images.ts'

// Documents that can be read are the specimens of the integration tests: here is only what is none.

const rules = { today: '2026-06-01', minimumAge: 13 }

function blank(width: number, height: number, background = '#ffffff'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()
}

const read = (front: Uint8Array) =>
  readImages({ type: 'passport', images: [{ side: 'front', bytes: front }], rules })

test('sides that are not there are missing', async () => {
  const reading = await readImages({ type: 'state-id', images: [], rules })

  expect(reading).toEqual({
    state: 'refused',
    problems: [
      { side: 'front', reason: 'missing' },
      { side: 'back', reason: 'missing' },
    ],
  })
})

test('a passport has no back: one is not looked at', async () => {
  const front = await blank(900, 600)
  const images = [
    { side: 'front', bytes: front },
    { side: 'back', bytes: Buffer.from('anything') },
  ] as const

  const reading = await readImages({ type: 'passport', images, rules })

  expect(reading).toMatchObject({ problems: [{ side: 'front' }] })
})

test.each([
  ['a dot', await blank(1, 1), 'too-small'],
  ['a thread', await blank(500, 1), 'not-a-document'],
  ['a pole', await blank(2, 30_000), 'not-a-document'],
  ['a white page', await blank(900, 600), 'glare'],
  ['a black page', await blank(900, 600, '#000000'), 'too-dark'],
  ['a grey page', await blank(900, 600, '#888888'), 'not-a-document'],
  ['transparent paper', await transparent(), 'glare'],
])('%s is refused, whatever its shape', async (_what, bytes, reason) => {
  expect(await read(bytes)).toEqual({ state: 'refused', problems: [{ side: 'front', reason }] })
})

test('an image that breaks off in its pixels is damaged', async () => {
  const whole = await blank(900, 600)
  const data = whole.indexOf('IDAT') + 8
  const spoiled = Buffer.from(whole).fill(0xff, data, data + 12)

  expect(await read(spoiled)).toMatchObject({ problems: [{ reason: 'damaged' }] })
})

function transparent(): Promise<Buffer> {
  const background = { r: 0, g: 0, b: 0, alpha: 0 }
  return sharp({ create: { width: 900, height: 600, channels: 4, background } })
    .png()
    .toBuffer()
}
