import type { Figure, Goal, Line, Sample } from './row.ts'
import { median } from './statistics.ts'

/** One line of the table: medians over the rounds, and every round for whoever wants to know more. */
export interface Result {
  readonly name: string
  readonly line: Line
  readonly ours: Figure
  readonly reference: Figure | undefined
  /** Of the ratios of single rounds. */
  readonly ratio:
    | { readonly median: number; readonly min: number; readonly max: number }
    | undefined
  readonly verdict: 'pass' | 'miss' | 'no goal'
  readonly samples: readonly Sample[]
}

export interface Measured {
  readonly name: string
  readonly line: Line
  readonly samples: readonly Sample[]
}

export function summarise({ name, line, samples }: Measured): Result {
  const ours = medianFigure(samples.map((sample) => sample.ours))
  const references = samples.flatMap(({ reference }) => reference ?? [])
  const ratios = samples.flatMap((sample) =>
    sample.reference ? [sample.ours.value / sample.reference.value] : [],
  )
  const ratio =
    ratios.length > 0
      ? { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) }
      : undefined
  const figures = { figure: ours.value, ratio: ratio?.median ?? Number.NaN }
  return {
    name,
    line,
    ours,
    reference: references.length > 0 ? medianFigure(references) : undefined,
    ratio,
    verdict: verdictOf(line.goals ?? [], figures),
    samples,
  }
}

function verdictOf(
  goals: readonly Goal[],
  figures: Readonly<Record<Goal['of'], number>>,
): Result['verdict'] {
  if (goals.length === 0) return 'no goal'
  const met = ({ of, at, value }: Goal) =>
    at === 'least' ? figures[of] >= value : figures[of] <= value
  return goals.every(met) ? 'pass' : 'miss'
}

function medianFigure(figures: readonly Figure[]): Figure {
  const known = (values: (number | undefined)[]) => {
    const numbers = values.filter((value) => value !== undefined)
    return numbers.length > 0 ? median(numbers) : undefined
  }
  return {
    value: median(figures.map(({ value }) => value)),
    nodeCpuUs: known(figures.map(({ nodeCpuUs }) => nodeCpuUs)),
    postgresCpuUs: known(figures.map(({ postgresCpuUs }) => postgresCpuUs)),
  }
}
