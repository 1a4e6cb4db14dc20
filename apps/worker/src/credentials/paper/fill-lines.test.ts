import { expect, test } from 'vitest'
import { fillLines } from './fill-lines.ts'

/** Every letter is one wide, whatever marks it has. */
const widthOf = () => 1

test.each([
  ['what fits stays on one line', 'one two', 7, ['one two']],
  ['a line ends at a space', 'one two', 6, ['one', 'two']],
  ['a line is as full as can be', 'a b c d e', 5, ['a b c', 'd e']],
  ['a word that is too wide is broken', 'abcdefgh', 3, ['abc', 'def', 'gh']],
  ['what is left of a broken word shares its line', 'abcd e', 3, ['abc', 'd e']],
  ['a letter keeps its marks', 'x̂x̂x̂', 2, ['x̂x̂', 'x̂']],
])('%s', (...[, text, width, lines]) => {
  expect(fillLines(text, width, widthOf)).toEqual(lines)
})
