import { expect, test } from 'vitest'
import { specimens } from '../specimens/index.ts'
import { isIndexOf, specimenEntry } from './specimen-index.ts'

const index = specimens.map((specimen) => specimenEntry(specimen, ['front.jpg']))

test('an index of all specimens is complete, whatever their files are named', () => {
  expect(isIndexOf(specimens, JSON.stringify(index))).toBe(true)
})

test.each([
  ['with nothing in it', []],
  ['that is still being written', index.slice(0, -1)],
  ['in which another version said less', index.map(({ title, files }) => ({ title, files }))],
  [
    'in which one was expected to end otherwise',
    [{ ...index[0], expected: [] }, ...index.slice(1)],
  ],
])('an index %s is not', (_what, stored) => {
  expect(isIndexOf(specimens, JSON.stringify(stored))).toBe(false)
})
