import { problems, reasonWords, stateWords } from '@anteroom/idp-web/transfers'
import { code, table } from './markdown.ts'

/** The tables of `docs/transfers.md`: how a transfer stands, what the API refuses, and why a transfer fails. */
export function transferRegions(): ReadonlyMap<string, string> {
  const rows = Object.entries(problems).map(([name, { status, title }]) => [
    code(name),
    String(status),
    title,
  ])
  return new Map([
    ['states', table(['State', 'Means'], meanings(stateWords))],
    ['problems', table(['Code', 'Status', 'What it says'], rows)],
    ['reasons', table([code('problem'), 'Means'], meanings(reasonWords))],
  ])
}

const meanings = (words: Readonly<Record<string, string>>): string[][] =>
  Object.entries(words).map(([name, meaning]) => [code(name), meaning])
