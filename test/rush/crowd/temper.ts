import type { Random } from '../../faults/harness/random.ts'
import type { Farewell } from '../history.ts'
import type { CrowdPlan } from './plan.ts'

/** How somebody will behave, drawn before they come. */
export interface Temper {
  /** When they come, in milliseconds after the beginning. */
  readonly arrivesMs: number
  /** Absent if they stay until it is their turn. */
  readonly leaving?: {
    /** After what part of the wait that lies before them as they join. */
    readonly part: number
    readonly how: Farewell
    /** After how many milliseconds they come back; absent if they do not. */
    readonly backMs?: number
  }
}

// Half close the page without a word, as a phone does that loses its network; the others tell, one way or the other.
const farewells = ['silent', 'silent', 'beacon', 'button'] as const

export function drawTemper(plan: CrowdPlan, random: Random): Temper {
  const arrivesMs = random.between(0, plan.arriveMs)
  if (random.next() >= plan.leave) return { arrivesMs }
  const part = random.next()
  const how = random.pick(farewells)
  const isBack = random.next() < plan.backShare
  const backMs = random.between(plan.backWithinMs / 20, plan.backWithinMs)
  return { arrivesMs, leaving: { part, how, ...(isBack && { backMs }) } }
}

/**
 * How long the wait is that lies before somebody, in milliseconds, if of those in front so many leave as of everybody:
 * whoever leaves at any moment of it leaves before it is their turn.
 */
export function waitBefore({ leave, quota }: CrowdPlan, ahead: number): number {
  return (ahead * (1 - leave) * 1000) / quota
}
