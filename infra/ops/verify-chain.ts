import { hash } from 'node:crypto'
import type { Expected } from './transfer-command.ts'
import type { ChainEntry } from './transfer-statements.ts'

/** Reads chains of the audit of transfers, entry by entry, and says where one is broken. */
export interface ChainReader {
  take(entry: ChainEntry): void
  /** What was noted down and never came. */
  end(): void
  readonly problems: readonly string[]
  /** The last entry of each chain. */
  readonly heads: ReadonlyMap<string, ChainEntry>
}

export function createChainReader(expected: readonly Expected[]): ChainReader {
  const heads = new Map<string, ChainEntry>()
  const problems: string[] = []
  const missing = new Set(expected)

  return {
    problems,
    heads,
    take(entry) {
      const before = heads.get(entry.consumer)
      const at = `${entry.consumer}, entry ${entry.number}`
      if (entry.number !== (before?.number ?? 0) + 1)
        problems.push(`${at}: one before it is missing`)
      if (hash('sha256', `${before?.hash ?? ''}\n${entry.entry}`) !== entry.hash) {
        problems.push(`${at}: it, or the one before it, was changed`)
      }
      for (const one of missing) {
        if (one.consumer !== entry.consumer || one.number !== entry.number) continue
        missing.delete(one)
        if (one.hash !== entry.hash) problems.push(`${at}: it is not the one that was noted down`)
      }
      heads.set(entry.consumer, entry)
    },
    end() {
      for (const { consumer, number } of missing) {
        problems.push(`${consumer}, entry ${number}: it was noted down and is not there`)
      }
    },
  }
}
