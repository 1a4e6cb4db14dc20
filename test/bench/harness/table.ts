import type { Result } from './result.ts'
import type { Figure, Goal } from './row.ts'

const headings = [
  'what',
  'ours',
  'cpu µs node|pg',
  'reference',
  'cpu µs node|pg',
  'ratio (min–max)',
  'goal',
  '',
]

/** The results as aligned columns; figures to the right, words to the left. */
export function table(results: readonly Result[]): string {
  const rows = [headings, ...results.map(cellsOf)]
  const widths = headings.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  const align = (cell: string, column: number) =>
    column >= 1 && column <= 5
      ? cell.padStart(widths[column] ?? 0)
      : cell.padEnd(widths[column] ?? 0)
  return rows.map((cells) => cells.map(align).join('  ').trimEnd()).join('\n')
}

function cellsOf(result: Result): string[] {
  const { line, ours, reference, ratio, verdict } = result
  const beside = line.reference === undefined ? '' : `  | ${line.reference}`
  const ratios = ratio && `${short(ratio.median)} (${short(ratio.min)}–${short(ratio.max)})`
  return [
    `${line.title}${beside}`,
    `${short(ours.value)} ${line.unit}`,
    cpuOf(ours),
    reference ? `${short(reference.value)} ${line.unit}` : '',
    reference ? cpuOf(reference) : '',
    ratios ?? '',
    (line.goals ?? []).map(goalOf).join(', '),
    verdict === 'no goal' ? '' : verdict,
  ]
}

function cpuOf({ nodeCpuUs, postgresCpuUs }: Figure): string {
  const node = nodeCpuUs === undefined ? '' : short(nodeCpuUs)
  return postgresCpuUs === undefined ? node : `${node}|${short(postgresCpuUs)}`
}

function goalOf({ of, at, value }: Goal): string {
  const sign = at === 'least' ? '≥' : '≤'
  return of === 'ratio' ? `${sign} ${value} ×` : `${sign} ${value}`
}

/** Three digits that mean something, or the whole number. */
function short(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
