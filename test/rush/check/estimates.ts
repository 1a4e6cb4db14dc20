import type { History } from '../history.ts'

/** What people were told of their wait when they joined, beside how long it was. In seconds. */
export interface Estimates {
  /** Who stayed until it was their turn. */
  readonly people: number
  /** Who was told with the first answer; the others a little later. */
  readonly atOnce: number
  /** How much longer it was than told, on average. */
  readonly bias: number
  readonly meanError: number
  readonly meanWait: number
  /** For how many it lay in the range they were told. */
  readonly coverage: number
}

export function checkEstimates({ people, changes, calls }: History): Estimates {
  const arrived = new Map(calls.filter(({ taken }) => taken).map(({ key, at }) => [key, at]))
  const turnOf = new Map(
    changes.flatMap(({ holder, credentialId }): [string, number][] => {
      const at = arrived.get(credentialId)
      return at === undefined ? [] : [[holder, at]]
    }),
  )
  const cases = people.flatMap(({ holder, told, absences }) => {
    const turnAt = turnOf.get(holder)
    if (!told || turnAt === undefined || absences.length > 0) return []
    return [{ ...told, seconds: (turnAt - told.at) / 1000 }]
  })
  const errors = cases.map(({ seconds, wait }) => seconds - wait.likely)
  return {
    people: cases.length,
    atOnce: cases.filter(({ atOnce }) => atOnce).length,
    bias: mean(errors),
    meanError: mean(errors.map(Math.abs)),
    meanWait: mean(cases.map(({ seconds }) => seconds)),
    coverage: mean(
      cases.map(({ seconds, wait }) => (seconds >= wait.low && seconds <= wait.high ? 1 : 0)),
    ),
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
