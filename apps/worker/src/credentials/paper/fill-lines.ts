/**
 * Breaks a text at its spaces into lines that are no wider than asked, each as full as can be. A word that is wider
 * than a line is broken between letters, a letter with its marks being one.
 *
 * @param widthOf Is asked for single letters alone: what they save by standing close or joined is not counted on.
 */
export function fillLines(
  text: string,
  width: number,
  widthOf: (letter: string) => number,
): readonly string[] {
  const space = widthOf(' ')
  const lines: string[] = []
  let [line, filled] = ['', 0]
  for (const piece of text.split(' ').flatMap((word) => breakWord(word, width, widthOf))) {
    if (line !== '' && filled + space + piece.width > width) {
      lines.push(line)
      line = ''
    }
    filled = line === '' ? piece.width : filled + space + piece.width
    line = line === '' ? piece.text : `${line} ${piece.text}`
  }
  return [...lines, line]
}

interface Piece {
  readonly text: string
  readonly width: number
}

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' })

function breakWord(word: string, width: number, widthOf: (letter: string) => number): Piece[] {
  const pieces: Piece[] = []
  let [text, filled] = ['', 0]
  for (const { segment } of letters.segment(word)) {
    const taken = widthOf(segment)
    if (filled + taken > width) {
      pieces.push({ text, width: filled })
      text = ''
      filled = 0
    }
    text += segment
    filled += taken
  }
  return [...pieces, { text, width: filled }]
}
