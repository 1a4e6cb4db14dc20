import type { Db } from '@anteroom/job-channel'
import type { Swept } from './line-replies.ts'
import type { WaitRange } from './standing.ts'

/** What the operators say of the line. */
export interface LineControl {
  readonly isOpen: boolean
  readonly message?: string
}

export async function readControl(db: Db): Promise<LineControl> {
  const { rows } = await db.query<{ mode: 'open' | 'drained'; message: string | null }>({
    name: 'line.control',
    text: 'select mode, message from web.line_control',
  })
  const { mode = 'open', message = null } = rows[0] ?? {}
  return { isOpen: mode === 'open', ...(message !== null && { message }) }
}

export type Figures = Pick<Swept, 'waiting' | 'parked' | 'called'> & {
  /** Of somebody who joins now. Undefined while it is not known. */
  readonly wait: WaitRange | undefined
}

/** For the operators, who see the line through the database. */
export async function writeFigures(
  db: Db,
  { waiting, parked, called, wait }: Figures,
): Promise<void> {
  const waits = [wait?.low, wait?.likely, wait?.high]
  await db.query({
    name: 'line.figures',
    text: `insert into web.line_figures
        (waiting, parked, called, wait_low_seconds, wait_likely_seconds, wait_high_seconds, measured_at)
      values ($1, $2, $3, $4, $5, $6, now())
      on conflict (only_row) do update set
        waiting = excluded.waiting, parked = excluded.parked, called = excluded.called,
        wait_low_seconds = excluded.wait_low_seconds, wait_likely_seconds = excluded.wait_likely_seconds,
        wait_high_seconds = excluded.wait_high_seconds, measured_at = now()`,
    values: [
      ...[waiting, parked, called],
      ...waits.map((seconds) => (seconds === undefined ? null : Math.round(seconds))),
    ],
  })
}
