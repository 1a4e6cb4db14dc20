import { type Db, inTransaction } from '@anteroom/job-channel'
import { jobs } from '@anteroom/job-contracts'
import type pg from 'pg'
import { maxReplayed, type ReplayRequest } from './delivery-schemas.ts'

/**
 * What becomes of one. `queued`: the same bytes are pushed again. `signed-anew`: their time has passed, or they are not kept
 * any more; another token says the same. `not-dead`: it was taken, or is on its way. `impossible`: nothing is known any more
 * that could be told.
 */
export type ReplayOutcome = 'queued' | 'signed-anew' | 'not-dead' | 'impossible'

export interface Replay {
  readonly jti: string
  readonly outcome: ReplayOutcome
}

export interface Replayed {
  readonly replays: readonly Replay[]
  /** Whether there are others since that moment. */
  readonly more: boolean
}

interface Row {
  readonly jti: string
  readonly isDead: boolean
  readonly isWanted: boolean
  readonly canBeSigned: boolean
  readonly jobId: string | null
}

/** All or nothing: undefined, and nothing done, if one of them is none of this partner's. */
export function replayDeliveries(
  db: pg.Pool,
  partner: string,
  wanted: ReplayRequest,
): Promise<Replayed | undefined> {
  return inTransaction(db, async (tx) => {
    const rows = await lockRows(tx, partner, wanted)
    if ('jtis' in wanted && rows.length < new Set(wanted.jtis).size) return undefined
    const due = rows.slice(0, maxReplayed)
    const replays = await replayRows(tx, partner, due)
    return { replays, more: rows.length > due.length }
  })
}

/** In the order of the events. Since a moment: those that are dead, and one more than are replayed at once. */
async function lockRows(tx: Db, partner: string, wanted: ReplayRequest): Promise<readonly Row[]> {
  const [condition, value] =
    'jtis' in wanted
      ? ['jti = any ($2)', wanted.jtis]
      : [`state = 'dead' and not resign_wanted and happened_at >= $2`, wanted.since]
  const { rows } = await tx.query<Row>(
    `select jti, state = 'dead' as "isDead", resign_wanted as "isWanted", job_id as "jobId",
       job_id is not null and (record is not null or event not in ('identifier-changed', 'identifier-recycled'))
         as "canBeSigned"
     from web.security_events where partner = $1 and ${condition} order by seq limit $3 for update`,
    [partner, value, maxReplayed + 1],
  )
  return rows
}

async function replayRows(tx: Db, partner: string, rows: readonly Row[]): Promise<Replay[]> {
  const jobIds = rows.flatMap(({ isDead, isWanted, jobId }) =>
    isDead && !isWanted && jobId !== null ? [jobId] : [],
  )
  const queued = await replayLetters(tx, partner, jobIds)
  const replays = rows.map((row) => ({ jti: row.jti, outcome: outcomeOf(row, queued) }))
  const those = (outcome: ReplayOutcome) =>
    replays.flatMap((one) => (one.outcome === outcome ? [one.jti] : []))
  await tx.query(
    `update web.security_events
     set state = 'queued', reason = null, queued_at = now(), settled_at = null, deadline_at = now() + make_interval(secs => $2)
     where jti = any ($1)`,
    [those('queued'), jobs.riscDelivery.deadlineSeconds],
  )
  await tx.query('update web.security_events set resign_wanted = true where jti = any ($1)', [
    those('signed-anew'),
  ])
  return replays
}

function outcomeOf(row: Row, queued: ReadonlySet<string>): ReplayOutcome {
  if (!row.isDead) return 'not-dead'
  if (row.jobId !== null && queued.has(row.jobId)) return 'queued'
  return row.canBeSigned ? 'signed-anew' : 'impossible'
}

/** The jobs that are in the queue again. The others have nothing left that could be pushed. */
async function replayLetters(
  tx: Db,
  partner: string,
  jobIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (jobIds.length === 0) return new Set()
  const { rows } = await tx.query<{ job_id: string; answer: string }>(
    'select job_id, answer from channel.replay_dead_events($1, $2)',
    [partner, jobIds],
  )
  return new Set(rows.flatMap(({ job_id: id, answer }) => (answer === 'queued' ? [id] : [])))
}
