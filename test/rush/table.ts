import type { RushOptions } from './options.ts'
import type { Rush } from './run.ts'
import type { Summary } from './summary.ts'

type Figures = Omit<Rush, 'history' | 'files'>

/** What a rush showed, as two Markdown tables that also read well as they are. */
export function tables(summary: Summary, figures: Figures, { quota }: RushOptions): string {
  return `${columns(['what', 'figure'], rowsOf(summary, figures, quota))}\n\n${processTable(figures)}`
}

function rowsOf(summary: Summary, figures: Figures, quota: number): string[][] {
  const { order, quota: use, estimates, endings } = summary
  const { polls, bare, requests, seconds, longestLine, said } = figures
  const ended = Object.entries(endings).map(([how, count]) => `${count} ${how}`)
  return [
    ['joined', String(summary.joined)],
    ['left; of these came back', `${summary.leftOnce}; ${summary.cameBack}`],
    ['ended', ended.join(', ')],
    ['the longest line', String(longestLine)],
    ['seconds', String(Math.round(seconds))],
    ['services that ended and were started again', String(figures.restarts)],
    ['people called', String(order.calls)],
    ['called out of order', String(order.inversions.length)],
    [
      'passed over unheard; longest wait after',
      `${order.unheard}; ${(order.longestUnheardMs / 1000).toFixed(1)} s`,
    ],
    ['calls that the registry took; refused', `${use.calls}; ${use.refused}`],
    ['most in any second, by its clock', `${use.mostInWindow} of ${quota}`],
    [
      'quota used on people who were there',
      use.usedShare === undefined ? '–' : percent(use.usedShare),
    ],
    ['moments that workers missed', String(said.worker['quota.moment-missed'] ?? 0)],
    ['calls for people who were gone', `${use.forGone} (${percent(use.goneShare)})`],
    ['the longest of them gone', `${(use.longestGoneMs / 1000).toFixed(1)} s`],
    ['told of their wait when joining', `${estimates.people}, ${estimates.atOnce} at once`],
    ['waited on average', `${estimates.meanWait.toFixed(1)} s`],
    ['longer than told, on average', `${estimates.bias.toFixed(1)} s`],
    ['mean error', `${estimates.meanError.toFixed(1)} s`],
    ['within the range told', percent(estimates.coverage)],
    [
      'requests a second, on average; busiest',
      `${Math.round(requests.perSecond)}; ${requests.busiestSecond}`,
    ],
    ['requests refused or failed', String(summary.troubles)],
    ['polls; of the bare server', `${polls.count}; ${bare.count}`],
    ['poll p50', besides(polls.p50, bare.p50)],
    ['poll p99', besides(polls.p99, bare.p99)],
  ]
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

const besides = (ours: number, bare: number): string =>
  `${ours.toFixed(1)} ms, bare ${bare.toFixed(1)} ms, ratio ${(ours / bare).toFixed(2)}`

function processTable({ processes, seconds }: Figures): string {
  const rows = processes.map(({ name, cpuMs, peakMb }) => [
    name,
    cpuMs === undefined ? '–' : (cpuMs / 1000).toFixed(1),
    cpuMs === undefined ? '–' : percent(cpuMs / 1000 / seconds),
    peakMb === undefined ? '–' : String(Math.round(peakMb)),
  ])
  return columns(['process', 'CPU s', 'of a core', 'peak MB'], rows)
}

/** The first column to the left, the others to the right. */
function columns(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  const align = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  const write = (cells: readonly string[]) => `| ${cells.map(align).join(' | ')} |`
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [write(headings), write(rule), ...rows.map(write)].join('\n')
}
