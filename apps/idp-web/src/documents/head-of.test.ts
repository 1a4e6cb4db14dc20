import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { headOf } from './head-of.ts'

test.each([
  ['in one piece', ['abcdefgh'], { head: 'abc', all: 'abcdefgh' }],
  ['in crumbs', ['a', '', 'b', 'c', 'd'], { head: 'abc', all: 'abcd' }],
  ['that is shorter', ['a', 'b'], { head: 'ab', all: 'ab' }],
  ['of nothing', [], { head: '', all: '' }],
])('the head of a stream %s is told, and the stream is whole', async (_what, chunks, expected) => {
  const source = Readable.from(chunks.map((text) => Buffer.from(text)))

  const { head, whole } = await headOf(source, 3)

  expect(Buffer.from(head).toString()).toBe(expected.head)
  expect(Buffer.concat(await Array.fromAsync(whole)).toString()).toBe(expected.all)
})
