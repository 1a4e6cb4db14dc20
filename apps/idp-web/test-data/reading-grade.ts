/**
 * The U.S. school grade in which a text can be read: Flesch–Kincaid, with syllables counted by groups of vowels.
 *
 * @param blocks Paragraphs, list items and labels; each ends a sentence.
 */
export function readingGrade(blocks: readonly string[]): number {
  const sentences = blocks
    .flatMap((block) => block.split(/[.?!:](?:\s|$)/))
    .filter((text) => /[a-z]/i.test(text))
  const words = sentences.flatMap((sentence) => sentence.match(/[a-z’'-]*[a-z][a-z’'-]*/gi) ?? [])
  if (words.length === 0) return 0
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0)
  return 0.39 * (words.length / sentences.length) + 11.8 * (syllables / words.length) - 15.59
}

function syllablesOf(word: string): number {
  const spoken = word.toLowerCase().replace(/(?:[^laeiouy]es|[^aeiouydt]ed|[^laeiouy]e)$/, '')
  return Math.max(1, spoken.match(/[aeiouy]+/g)?.length ?? 1)
}
