import type { Line } from './summary.ts'

const headings = [
  'fault',
  'strikes',
  'acknowledged',
  'answered',
  'violations',
  'recoveries',
  'p50 ms',
  'p99 ms',
  'troubles',
  'slowest ms',
  'over 3 s',
]

/** The lines as a Markdown table that also reads well as it is. */
export function table(lines: readonly Line[]): string {
  const rows = [...lines.map(cellsOf), totalOf(lines)]
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  const write = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [write(headings), write(rule), ...rows.map(write)].join('\n')
}

function cellsOf(line: Line): string[] {
  return [
    line.fault,
    String(line.strikes),
    String(line.acknowledged),
    String(answeredOf(line)),
    String(line.violations),
    String(line.recoveries),
    String(line.recoveryP50Ms ?? '–'),
    String(line.recoveryP99Ms ?? '–'),
    String(line.troubles),
    String(line.slowestReplyMs),
    String(line.slowReplies),
  ]
}

/** Without those who left before there was an answer, and those who never got one. */
function answeredOf({ people, endings: { none = 0, left = 0 } }: Line): number {
  return people - none - left
}

function totalOf(lines: readonly Line[]): string[] {
  const sum = (of: (line: Line) => number) =>
    String(lines.reduce((total, line) => total + of(line), 0))
  return [
    'all',
    sum(({ strikes }) => strikes),
    sum(({ acknowledged }) => acknowledged),
    sum(answeredOf),
    sum(({ violations }) => violations),
    sum(({ recoveries }) => recoveries),
    '',
    '',
    sum(({ troubles }) => troubles),
    '',
    sum(({ slowReplies }) => slowReplies),
  ]
}
