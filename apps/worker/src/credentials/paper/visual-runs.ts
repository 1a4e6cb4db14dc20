/** A part of a line that is written in one direction. */
export interface Run {
  readonly text: string
  readonly rightToLeft: boolean
}

const hebrewOrArabic = '[\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Nko}]\\p{M}*'
const other = '(?![\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Nko}])[\\p{L}\\p{N}]\\p{M}*'
const between = '[^\\p{L}\\p{N}]'
// Letters of one direction with what stands between them; then what stands between two directions.
const run = new RegExp(
  `(${hebrewOrArabic}(?:${between}*${hebrewOrArabic})*)|${other}(?:${between}*${other})*|${between}+`,
  'gu',
)

/**
 * The parts of a line from left to right, as they are to be drawn: what a name needs of the bidirectional algorithm
 * (UAX #9). The first letter decides on which side the line begins.
 */
export function visualRuns(line: string): readonly Run[] {
  const runs = [...line.matchAll(run)].map(
    ([text, rightToLeft]): Run => ({ text, rightToLeft: rightToLeft !== undefined }),
  )
  const first = runs.find(({ text }) => /\p{L}/u.test(text))
  return first?.rightToLeft ? runs.reverse() : runs
}
