import type { Mix } from '../harness/applicants.ts'
import type { Bed, Services } from '../harness/bed.ts'
import type { Random } from '../harness/random.ts'
import type { Injection } from '../history.ts'

/** Something that goes wrong while people come. */
export interface Fault {
  readonly name: string
  /** In plain words, for the table. */
  readonly about: string
  /** How the services run meanwhile; absent: as usual. */
  readonly services?: Services
  /** Who comes; absent: the usual people. */
  readonly mix?: Mix
  /** From the end of one strike to the next. */
  readonly pauseMs: readonly [least: number, most: number]
  /** How much of a run's time it gets, beside the others; absent: 1. */
  readonly share?: number
  /** It has been tried enough after so many strikes; absent: time alone decides. */
  readonly strikes?: number
  /** Strikes once, and puts right what does not mend itself. Absent where the services or the people are the fault. */
  readonly strike?: (bed: Bed, random: Random) => Promise<readonly Strike[]>
}

export type Strike = Omit<Injection, 'fault'>

/** Something is broken for so long, and then put right. */
export async function outage(
  breakIt: () => Promise<unknown> | undefined,
  forMs: number,
  mend: () => Promise<unknown> | undefined,
): Promise<Strike> {
  const at = Date.now()
  await breakIt()
  await new Promise((resolve) => setTimeout(resolve, forMs))
  await mend()
  return { at, healedAt: Date.now(), victim: undefined }
}
