import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { createDocumentReader } from './document-reader.ts'

const reader = createDocumentReader({ threads: 1, today: () => '2026-11-23', minimumAge: 13 })
afterAll(() => reader.close())

const picture = await sharp({
  create: { width: 800, height: 500, channels: 3, background: '#888888' },
})
  .jpeg()
  .toBuffer()

test('who stops waiting for a turn is let go at once, and the others keep theirs', async () => {
  const { signal } = new AbortController()
  const stopped = new AbortController()
  const first = reader.vet({ bytes: picture, signal })
  const second = reader.vet({ bytes: picture, signal: stopped.signal })
  const third = reader.vet({ bytes: picture, signal })

  stopped.abort()

  await expect(second).rejects.toMatchObject({ code: 'READING_ABORTED' })
  expect(await Promise.all([first, third])).toMatchObject([{ width: 800 }, { width: 800 }])
})

test('nobody who has stopped already takes a turn', async () => {
  const vetting = reader.vet({ bytes: picture, signal: AbortSignal.abort() })

  await expect(vetting).rejects.toMatchObject({ code: 'READING_ABORTED' })
  expect(await reader.vet({ bytes: picture, signal: new AbortController().signal })).toMatchObject({
    height: 500,
  })
})
