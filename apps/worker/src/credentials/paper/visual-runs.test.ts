import { expect, test } from 'vitest'
import { visualRuns } from './visual-runs.ts'

test.each([
  ['a line from left to right is one run', "Anne-Marie O'Neill 3rd", ["Anne-Marie O'Neill 3rd"]],
  ['a line from right to left is one run', 'محمد علي', ['محمد علي']],
  [
    'a word from right to left stays where it was put',
    'Sam عبد Jones',
    ['Sam', ' ', 'عبد', ' ', 'Jones'],
  ],
  [
    'a line that begins at the right runs to the left',
    'محمد Smith-עבד',
    ['עבד', '-', 'Smith', ' ', 'محمد'],
  ],
  ['marks stay with their letters', 'דָּוִד', ['דָּוִד']],
])('%s', (_what, line, texts) => {
  expect(visualRuns(line).map(({ text }) => text)).toEqual(texts)
})

test('only letters that are written from right to left are', () => {
  const runs = visualRuns('Sam عبد')

  expect(runs.map(({ rightToLeft }) => rightToLeft)).toEqual([false, false, true])
})
