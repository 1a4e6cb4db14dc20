import { type LineWords, lineWords } from './en/line-words.ts'

const byLanguage: Readonly<Record<string, LineWords>> = { 'en-US': lineWords }

/** For scripts: the words in the language of the page, without the rest of the catalogue. */
export function lineWordsIn(language: string): LineWords {
  return byLanguage[language] ?? lineWords
}
