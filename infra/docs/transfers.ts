import { problems } from '@anteroom/idp-web/transfers'
import { code, table } from './markdown.ts'

/** The table of `docs/transfers.md`: what the API refuses. */
export function transferRegions(): ReadonlyMap<string, string> {
  const rows = Object.entries(problems).map(([name, { status, title }]) => [
    code(name),
    String(status),
    title,
  ])
  return new Map([['problems', table(['Code', 'Status', 'What it says'], rows)]])
}
