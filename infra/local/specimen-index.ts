import type { Specimen } from '../specimens/index.ts'

/** What /sandbox says of a pretend document. */
export interface SpecimenEntry {
  readonly title: string
  readonly documentType: Specimen['documentType']
  /** What a person is told who shows it. */
  readonly expected:
    | 'read'
    | 'to-confirm'
    | readonly { readonly side: string; readonly reason: string }[]
  /** Names of its files, the front first. */
  readonly files: readonly string[]
}

export function specimenEntry(
  { title, documentType, expected }: Specimen,
  files: readonly string[],
): SpecimenEntry {
  if ('refused' in expected) return { title, documentType, expected: expected.refused, files }
  const isDoubtful = 'toConfirm' in expected
  return { title, documentType, expected: isDoubtful ? 'to-confirm' : 'read', files }
}

/** Whether the text of an index says of each of these what it would say now. */
export function isIndexOf(specimens: readonly Specimen[], text: string): boolean {
  const stored: unknown = JSON.parse(text)
  const wanted = specimens.map((specimen) => specimenEntry(specimen, []))
  return JSON.stringify(stored, withoutFiles) === JSON.stringify(wanted, withoutFiles)
}

/** Their names are known only once they are drawn. */
const withoutFiles = (name: string, value: unknown) => (name === 'files' ? undefined : value)
