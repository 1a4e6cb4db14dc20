import type { Bed } from './bed.ts'
import type { Size } from './profiles.ts'
import { type Result, summarise } from './result.ts'
import type { Row, Sample } from './row.ts'

export interface RunOptions {
  readonly bed: Bed
  readonly size: Size
  readonly profileDirectory: string | undefined
  readonly tell: (text: string) => void
  /** Rejects when the benchmark is told to stop: the row ends in the middle of a round. */
  readonly stopped: Promise<never>
}

/** Starts a row's sides, measures both in every round, and stops them. */
export async function runRow(row: Row, options: RunOptions): Promise<Result[]> {
  const { bed, size, profileDirectory, tell, stopped } = options
  let ended = false
  const parts: { stop(): Promise<void> }[] = []
  const keep = <Part extends { stop(): Promise<void> }>(part: Part): Part => {
    if (ended) void part.stop()
    else parts.push(part)
    return part
  }
  try {
    tell(`${row.name}: warming up`)
    const prepared = await Promise.race([
      row.prepare({ bed, size, profileDirectory, keep }),
      stopped,
    ])
    const rounds: Readonly<Partial<Record<string, Sample>>>[] = []
    while (rounds.length < size.rounds) {
      tell(`${row.name}: round ${rounds.length + 1} of ${size.rounds}`)
      rounds.push(await Promise.race([prepared.round(rounds.length % 2 === 1), stopped]))
    }
    return Object.entries(row.lines).map(([name, line]) =>
      summarise({
        name: `${row.name}.${name}`,
        line,
        samples: rounds.flatMap((round) => round[name] ?? []),
      }),
    )
  } finally {
    ended = true
    for (let part = parts.pop(); part; part = parts.pop()) await part.stop()
  }
}
