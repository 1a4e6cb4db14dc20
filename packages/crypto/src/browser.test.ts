import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { createImageKey, exportImageKey, sealImage } from './browser.ts'
import { createImageSeal, openImage } from './image.ts'
import { type ImageSlot, imageContext } from './image-context.ts'

// Web Crypto is the same interface in Node.
const slot: ImageSlot = { submissionId: 's'.repeat(43), side: 'back', contentType: 'image/png' }
const bytes = crypto.getRandomValues(new Uint8Array(60_000))
const fromText = (text: string) => Buffer.from(text, 'base64url')

async function sealed() {
  const key = await createImageKey()
  const { iv, sealed: ciphertext } = await sealImage(key, { ...slot, bytes })
  const keyText = await exportImageKey(key)
  return { keyText, ivText: iv, ciphertext: new Uint8Array(ciphertext) }
}

test('what a browser seals opens here', async () => {
  const { keyText, ivText, ciphertext } = await sealed()

  const sealing = { iv: fromText(ivText), context: imageContext(slot) }
  const opened = openImage(fromText(keyText), sealing, ciphertext)

  expect(Buffer.from(opened).equals(bytes)).toBe(true)
})

test('what is sealed here as it passes through is what the browser would have made of it', async () => {
  const { keyText, ivText, ciphertext } = await sealed()

  const sealing = { iv: fromText(ivText), context: imageContext(slot) }
  const seal = createImageSeal(fromText(keyText), sealing)
  const made = await buffer(Readable.from([bytes]).pipe(seal))

  expect(made.equals(ciphertext)).toBe(true)
})

test('keys and IVs are written as the contract of the job wants them', async () => {
  const all = await Promise.all(Array.from({ length: 50 }, sealed))

  for (const { keyText, ivText } of all) {
    expect(keyText).toMatch(/^[\w-]{43}$/)
    expect(ivText).toMatch(/^[\w-]{16}$/)
    expect(fromText(keyText).toString('base64url')).toBe(keyText)
  }
  expect(new Set(all.flatMap(({ keyText, ivText }) => [keyText, ivText])).size).toBe(100)
})

test('the same image is sealed under a new IV each time', async () => {
  const key = await createImageKey()

  const first = await sealImage(key, { ...slot, bytes })
  const second = await sealImage(key, { ...slot, bytes })

  expect(second.iv).not.toBe(first.iv)
})

test('the entry for browsers imports nothing of Node', () => {
  const files = ['browser.ts', 'image-context.ts'].map((name) =>
    readFileSync(`${import.meta.dirname}/${name}`, 'utf8'),
  )

  const imported = files.flatMap((text) =>
    Array.from(text.matchAll(/from '([^']+)'/g), ([, name]) => name),
  )
  expect(imported).toEqual(['./image-context.ts'])
  expect(files.join()).not.toMatch(/\bBuffer\b|\bprocess\b/)
})
