import { expect, test } from 'vitest'
import { fillRegions, table } from './markdown.ts'

test('a pipe in a cell does not begin another cell', () => {
  const made = table(['a'], [['b|c']])

  expect(made.split('\n').at(-1)).toBe('| b\\|c |')
})

test('a region is replaced, what stands around it stays, and doing it twice changes nothing', () => {
  const regions = new Map([['one', 'new']])

  const once = fillRegions('before\n<!-- generated: one -->\nold\n<!-- end -->\nafter', regions)

  expect(once).toBe('before\n<!-- generated: one -->\n\nnew\n\n<!-- end -->\nafter')
  expect(fillRegions(once, regions)).toBe(once)
})

test('a region that nobody writes, or that is not marked, is an error', () => {
  const marked = '<!-- generated: one --><!-- end -->'

  expect(() => fillRegions(marked, new Map())).toThrow('one')
  expect(() => fillRegions('', new Map([['two', 'text']]))).toThrow('two')
})
