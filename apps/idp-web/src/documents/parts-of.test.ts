import { expect, test } from 'vitest'
import { partsOf } from './parts-of.ts'

async function partsFrom(chunks: readonly number[], partBytes: number): Promise<string[]> {
  let next = 0
  async function* source() {
    for (const length of chunks) yield Uint8Array.from({ length }, () => next++)
  }
  const parts: string[] = []
  for await (const part of partsOf(source(), partBytes)) parts.push([...part].join())
  return parts
}

test.each([
  [[3, 3], 4, ['0,1,2,3', '4,5']],
  [[10], 4, ['0,1,2,3', '4,5,6,7', '8,9']],
  [[4, 4], 4, ['0,1,2,3', '4,5,6,7']],
  [[1, 0, 1], 4, ['0,1']],
  [[], 4, ['']],
])('chunks of %o become parts of %d', async (chunks, partBytes, expected) => {
  expect(await partsFrom(chunks, partBytes)).toEqual(expected)
})
