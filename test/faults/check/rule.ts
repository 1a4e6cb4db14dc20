import type { History } from '../history.ts'
import type { HistoryIndex } from './history-index.ts'

/** A promise that was not kept. */
export interface Violation {
  readonly promise: 'P1' | 'P2' | 'P3' | 'P4' | 'P5'
  readonly what: string
  /** The fault that was going on; unknown where nothing leads to a person. */
  readonly fault: string
  /** The person's nonce, or the job id, or both. */
  readonly who: string
}

export type Rule = (history: History, index: HistoryIndex) => Violation[]
