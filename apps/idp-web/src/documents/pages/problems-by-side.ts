import type { DocumentProblem, DocumentType } from '@anteroom/job-contracts'
import type { Texts } from '../../texts/index.ts'

export interface SideProblems {
  /** Which photo it is about. */
  readonly title: string
  readonly words: readonly ProblemWords[]
}

interface ProblemWords {
  readonly what: string
  readonly todo: string
}

const sideOrder = ['both', 'front', 'back'] as const

/** What was wrong with each photo, in words, each once. */
export function problemsBySide(
  texts: Texts,
  documentType: DocumentType,
  problems: readonly DocumentProblem[],
): readonly SideProblems[] {
  if (documentType === 'passport') return passportProblems(texts, problems)
  return sideOrder
    .map((side) => {
      const found = problems.filter((problem) => problem.side === side)
      const words = withoutDoubles(found.map((problem) => wordsOf(texts, problem)))
      return { title: texts.documentRead.refused.sides[side], words }
    })
    .filter(({ words }) => words.length > 0)
}

/** Of a passport there is one photo. */
function passportProblems(
  texts: Texts,
  problems: readonly DocumentProblem[],
): readonly SideProblems[] {
  const { notPassport } = texts.documentRead.refused
  const title = texts.documentCapture.photos.sides.page.title
  const words = problems.map((problem) =>
    problem.reason === 'wrong-type' ? notPassport : wordsOf(texts, problem),
  )
  return [{ title, words: withoutDoubles(words) }]
}

function wordsOf({ documentRead }: Texts, { side, reason }: DocumentProblem): ProblemWords {
  const { reasons, oneForBoth } = documentRead.refused
  return side === 'both' && reason === 'same-image' ? oneForBoth : reasons[reason]
}

function withoutDoubles(words: readonly ProblemWords[]): readonly ProblemWords[] {
  return words.filter((one, index) => words.findIndex(({ what }) => what === one.what) === index)
}
