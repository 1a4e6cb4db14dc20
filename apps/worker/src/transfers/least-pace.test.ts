import { expect, test } from 'vitest'
import { atLeastPace } from './least-pace.ts'

/** Chunks of so many bytes, each of which takes a minute to come. */
function drip(chunkBytes: number, most: number) {
  let minutes = 0
  async function* chunks() {
    for (let count = 0; count < most; count += 1) {
      minutes += 1
      yield new Uint8Array(chunkBytes)
    }
  }
  return {
    chunks: chunks(),
    elapsedMs: () => minutes * 60_000,
    pass: () => {
      minutes += 1
    },
  }
}

async function countOf(chunks: AsyncIterable<Uint8Array>, each?: () => void): Promise<number> {
  let count = 0
  for await (const chunk of chunks) {
    if (chunk.length > 0) count += 1
    each?.()
  }
  return count
}

test('a source that is never silent and brings next to nothing is given up after five minutes', async () => {
  const { chunks, elapsedMs } = drip(1, 1_000)

  await expect(countOf(atLeastPace(chunks, elapsedMs))).rejects.toMatchObject({
    code: 'source-unreachable',
    retryable: true,
  })
  expect(elapsedMs()).toBe(300_000)
})

test('a slow source goes on, and so does one that waits for us', async () => {
  const slow = drip(16_384, 20)
  const held = drip(1, 4)

  expect(await countOf(atLeastPace(slow.chunks, slow.elapsedMs))).toBe(20)
  expect(await countOf(atLeastPace(held.chunks, held.elapsedMs), held.pass)).toBe(4)
})
