import { answersRule } from './check/answers.ts'
import { billsRule } from './check/bills.ts'
import { crossedRule } from './check/crossed.ts'
import { indexOf } from './check/history-index.ts'
import { lateRule } from './check/late.ts'
import { residueRule } from './check/residue.ts'
import type { Rule, Violation } from './check/rule.ts'
import type { History } from './history.ts'

export type { Violation } from './check/rule.ts'

const rules: readonly Rule[] = [answersRule, billsRule, crossedRule, lateRule, residueRule]

/** Decides from the history alone whether the promises were kept. */
export function check(history: History): Violation[] {
  const index = indexOf(history)
  return rules.flatMap((rule) => rule(history, index))
}
