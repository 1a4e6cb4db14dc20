// Not a letter, mark, digit, sign or space: controls, line breaks, what turns the direction of text.
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u

/** In characters as Postgres counts them: an emoji is one. */
export const longestLineMessage = 300

/** What everybody in line may be told: one line of text. Undefined if this is not one. */
export function readLineMessage(text: string): string | undefined {
  const message = text.trim()
  const length = [...message].length
  const isPlain = length > 0 && length <= longestLineMessage && !unprintable.test(message)
  return isPlain ? message : undefined
}
