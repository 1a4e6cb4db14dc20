import { check, type Violation } from './checker.ts'
import type { History } from './history.ts'
import { recoveriesOf } from './recovery.ts'

/** One line of the table. */
export interface Line {
  readonly fault: string
  readonly about: string
  readonly strikes: number
  readonly people: number
  readonly acknowledged: number
  /** How many were told what. */
  readonly endings: Readonly<Record<string, number>>
  readonly violations: number
  readonly recoveries: number
  readonly recoveryP50Ms: number | undefined
  readonly recoveryP99Ms: number | undefined
  /** How often people asked for the same check again. */
  readonly retries: number
  /** Replies of 500 and above, and connections that broke. */
  readonly troubles: number
  readonly slowestReplyMs: number
  /** Replies that took longer than a page may take. */
  readonly slowReplies: number
}

export interface Summary {
  readonly lines: readonly Line[]
  readonly violations: readonly Violation[]
}

interface Named {
  readonly name: string
  readonly about: string
}

export function summarise(history: History, faults: readonly Named[]): Summary {
  const violations = check(history)
  const recoveries = recoveriesOf(history)
  const known = new Set(faults.map(({ name }) => name))
  const lines = faults.map(({ name, about }) => {
    const visits = history.visits.filter(({ fault }) => fault === name)
    const times = (recoveries.get(name) ?? []).toSorted((one, other) => one - other)
    const ends = visits.map(({ answers, left }) => answers[0]?.ending ?? (left ? 'left' : 'none'))
    return {
      fault: name,
      about,
      strikes: history.injections.filter(({ fault }) => fault === name).length,
      people: visits.length,
      acknowledged: visits.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined).length,
      endings: countOf(ends),
      violations: violations.filter(({ fault }) => fault === name).length,
      recoveries: times.length,
      recoveryP50Ms: quantile(times, 0.5),
      recoveryP99Ms: quantile(times, 0.99),
      retries: visits.reduce((sum, visit) => sum + visit.retries, 0),
      troubles: visits.reduce((sum, visit) => sum + visit.troubles, 0),
      slowestReplyMs: Math.max(0, ...visits.map((visit) => visit.slowestReplyMs)),
      slowReplies: visits.reduce((sum, visit) => sum + visit.slowReplies, 0),
    }
  })
  const elsewhere = violations.filter(({ fault }) => !known.has(fault)).length
  return { lines: elsewhere > 0 ? [...lines, nowhere(elsewhere)] : lines, violations }
}

/** Violations that nothing ties to a person. */
function nowhere(violations: number): Line {
  return {
    fault: 'unknown',
    about: 'what nothing ties to a person',
    strikes: 0,
    people: 0,
    acknowledged: 0,
    endings: {},
    violations,
    recoveries: 0,
    recoveryP50Ms: undefined,
    recoveryP99Ms: undefined,
    retries: 0,
    troubles: 0,
    slowestReplyMs: 0,
    slowReplies: 0,
  }
}

function countOf(names: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(names, (name) => name)
  return Object.fromEntries([...groups].map(([name, all]) => [name, all.length]).sort())
}

/** Of sorted values: the smallest that so large a part does not exceed. */
function quantile(sorted: readonly number[], part: number): number | undefined {
  const value = sorted[Math.ceil(sorted.length * part) - 1]
  return value === undefined ? undefined : Math.round(value)
}
