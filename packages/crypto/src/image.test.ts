import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import frozen from '../test-data/frozen-image-1.json' with { type: 'json' }
import { createImageSeal, openImage } from './image.ts'
import { type ImageSlot, imageContext } from './image-context.ts'

const slot: ImageSlot = {
  submissionId: 's'.repeat(43),
  side: 'front',
  contentType: 'image/jpeg',
}
const key = randomBytes(32)
const sealing = { iv: randomBytes(12), context: imageContext(slot) }
const unopenable = expect.objectContaining({ code: 'SEAL_UNOPENABLE' })

const seal = (chunks: readonly Uint8Array[], changes: Partial<typeof sealing> = {}) =>
  buffer(Readable.from(chunks).pipe(createImageSeal(key, { ...sealing, ...changes })))

test('an image that was sealed in pieces opens as it was', async () => {
  const image = randomBytes(200_003)

  const sealed = await seal([
    image.subarray(0, 1),
    image.subarray(1, 70_000),
    image.subarray(70_000),
  ])

  expect(sealed.length).toBe(image.length + 16)
  expect(Buffer.from(openImage(key, sealing, sealed)).equals(image)).toBe(true)
})

test('an empty image is nothing but its tag', async () => {
  const sealed = await seal([])

  expect(sealed.length).toBe(16)
  expect(openImage(key, sealing, sealed)).toHaveLength(0)
})

test('the format of version 1 is frozen: the same bytes come out and open for ever', async () => {
  const { slot: place, image } = frozen
  const fixed = { iv: Buffer.from(frozen.iv, 'hex'), context: imageContext(place) }
  const fixedKey = Buffer.from(frozen.key, 'hex')

  const opened = openImage(fixedKey, fixed, Buffer.from(frozen.sealed, 'hex'))
  const made = await buffer(
    Readable.from([Buffer.from(image)]).pipe(createImageSeal(fixedKey, fixed)),
  )

  expect(Buffer.from(opened).toString()).toBe(image)
  expect(made.toString('hex')).toBe(frozen.sealed)
})

test.each<[string, Partial<ImageSlot>]>([
  ['another submission', { submissionId: 't'.repeat(43) }],
  ['the other side', { side: 'back' }],
  ['another type', { contentType: 'image/png' }],
])('an image does not open for %s', async (_what, change) => {
  const sealed = await seal([Buffer.from('front')])

  const open = () =>
    openImage(key, { ...sealing, context: imageContext({ ...slot, ...change }) }, sealed)

  expect(open).toThrow(unopenable)
})

test('an image does not open under another key or IV, or with a key or an IV of another size', async () => {
  const sealed = await seal([Buffer.from('front')])

  for (const wrong of [randomBytes(32), key.subarray(1), randomBytes(16), Buffer.alloc(0)]) {
    expect(() => openImage(wrong, sealing, sealed)).toThrow(unopenable)
  }
  for (const iv of [randomBytes(12), sealing.iv.subarray(1), randomBytes(16), Buffer.alloc(0)]) {
    expect(() => openImage(key, { ...sealing, iv }, sealed)).toThrow(unopenable)
  }
})

test('an image does not open if a byte is changed, missing or added', async () => {
  const sealed = await seal([Buffer.from('front')])
  const changed = Array.from(sealed, (byte, at) => Buffer.from(sealed.with(at, byte ^ 1)))
  const shorter = Array.from(sealed, (_, length) => sealed.subarray(0, length))
  const longer = [
    Buffer.concat([sealed, Buffer.alloc(1)]),
    Buffer.concat([Buffer.alloc(1), sealed]),
  ]

  for (const each of [...changed, ...shorter, ...longer]) {
    expect(() => openImage(key, sealing, each)).toThrow(unopenable)
  }
})

test('nothing is sealed with a key or an IV of another size', () => {
  const unusable = expect.objectContaining({ code: 'KEYRING_INVALID' })

  expect(() => createImageSeal(key.subarray(1), sealing)).toThrow(unusable)
  expect(() => createImageSeal(key, { ...sealing, iv: randomBytes(16) })).toThrow(unusable)
})

test('what is not opened says nothing of why', async () => {
  const sealed = await seal([Buffer.from('front')])

  const errors = [sealed.subarray(1), sealed.subarray(0, 3)].map((each) => {
    try {
      return openImage(key, sealing, each)
    } catch (error) {
      return error
    }
  })

  expect(errors.map((error) => Object.assign({}, error))).toEqual([
    { name: 'CryptoError', code: 'SEAL_UNOPENABLE' },
    { name: 'CryptoError', code: 'SEAL_UNOPENABLE' },
  ])
})
