import type { Bed } from './bed.ts'
import type { Size } from './profiles.ts'

/** What a line promises: its ratio to the reference, or its own figure, is at least or at most this. */
export interface Goal {
  readonly of: 'ratio' | 'figure'
  readonly at: 'least' | 'most'
  readonly value: number
}

/** One side of a measurement. */
export interface Figure {
  readonly value: number
  /** CPU time of the measured process for one job, request or call. */
  readonly nodeCpuUs?: number | undefined
  /** CPU time of Postgres for the same. */
  readonly postgresCpuUs?: number | undefined
}

export interface Line {
  readonly title: string
  readonly unit: 'jobs/s' | 'req/s' | 'MB/s' | 'calls' | 'ms' | 'MB'
  /** What stands beside ours; absent where there is nothing to compare with. */
  readonly reference?: string
  readonly goals?: readonly Goal[]
}

export interface Sample {
  readonly ours: Figure
  readonly reference?: Figure
}

/** One thing that is measured; both sides of each line in turn. */
export interface Row<Name extends string = string> {
  readonly name: string
  readonly lines: Readonly<Record<Name, Line>>
  /** Starts the sides. */
  prepare(context: RowContext): Promise<PreparedRow<Name>>
}

export interface RowContext {
  readonly bed: Bed
  readonly size: Size
  readonly profileDirectory: string | undefined
  /** Whatever was handed in is stopped after the row, last first, also when it failed. */
  keep<Part extends { stop(): Promise<void> }>(part: Part): Part
}

export interface PreparedRow<Name extends string> {
  /**
   * `oursFirst` alternates, so that neither side always runs on what the other left behind. A line that
   * takes long need not be in every round.
   */
  round(oursFirst: boolean): Promise<Readonly<Partial<Record<Name, Sample>>>>
}

/** Runs two measurements in the order asked for. */
export async function inTurn<Ours, Reference>(
  oursFirst: boolean,
  ours: () => Promise<Ours>,
  reference: () => Promise<Reference>,
): Promise<{ ours: Ours; reference: Reference }> {
  if (oursFirst) {
    const first = await ours()
    return { ours: first, reference: await reference() }
  }
  const first = await reference()
  return { ours: await ours(), reference: first }
}
