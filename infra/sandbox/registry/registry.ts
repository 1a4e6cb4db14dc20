import { z } from 'zod'
import { createSlidingWindow } from './sliding-window.ts'

const whole = z.number().int()

/** How the registry behaves; given at the start and, in part, at `PUT /sandbox/registry`. */
export const registryBehaviour = z.strictObject({
  /** So many requests are taken in any `windowMs`, by the registry's own clock, counted as they arrive. */
  calls: whole.min(1),
  windowMs: whole.min(1),
  /** An entry takes a time drawn evenly between these two. */
  fastestMs: whole.min(0),
  slowestMs: whole.min(0),
})
export type RegistryBehaviour = Readonly<z.output<typeof registryBehaviour>>

const usual: RegistryBehaviour = { calls: 10, windowMs: 1_000, fastestMs: 1_000, slowestMs: 2_000 }

/** One request, as it arrived. No personal data. */
export interface Arrival {
  /** Milliseconds since the epoch, with fractions. */
  readonly at: number
  /** The idempotency key it came with. */
  readonly key: string
  readonly taken: boolean
}

/** What the pretend registry has beyond the other vendors: a quota, and that it is slow. */
export interface Registry {
  behaviour(): RegistryBehaviour
  change(changes: Partial<RegistryBehaviour>): void
  /** Counts a request as it arrives: in how many whole seconds to come again, or undefined if it is taken. */
  arrive(key: string): number | undefined
  /** Oldest first. */
  arrivals(): readonly Arrival[]
  /** How long the next entry takes. */
  takesMs(): number
}

const remembered = 200_000

export function createRegistry(
  begin: Partial<RegistryBehaviour> = {},
  now: () => number = () => performance.timeOrigin + performance.now(),
): Registry {
  const arrivals: Arrival[] = []
  const window = createSlidingWindow()
  let behaviour = { ...usual, ...begin }

  return {
    behaviour: () => behaviour,
    change(changes) {
      behaviour = { ...behaviour, ...changes }
    },
    arrive(key) {
      const at = now()
      const waitMs = window.take(at, behaviour)
      arrivals.push({ at, key, taken: waitMs === 0 })
      if (arrivals.length > remembered) arrivals.shift()
      return waitMs === 0 ? undefined : Math.ceil(waitMs / 1000)
    },
    arrivals: () => arrivals,
    takesMs() {
      const { fastestMs, slowestMs } = behaviour
      return Math.round(fastestMs + Math.random() * Math.max(0, slowestMs - fastestMs))
    },
  }
}
