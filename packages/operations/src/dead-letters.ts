import type { Db } from '@anteroom/job-channel'
import { type Place, pageOf, placeOf } from './place.ts'

/** By what dead letters may be chosen besides: the name of their job, and what is readable of them. */
export const deadFilters = ['job', 'partner', 'consumer', 'destination'] as const
export type DeadFilterName = (typeof deadFilters)[number]
export type DeadFilter = { readonly [Name in DeadFilterName]?: string }

/** Dead letters by their jobs, or by what is readable of them. */
export type DeadWhich =
  | { readonly jobIds: readonly string[] }
  | (DeadFilter & { readonly since: Date })

/** What of this is one; an empty text is none. */
export function deadFilterOf(
  asked: {
    readonly [Name in DeadFilterName]?: string | undefined
  },
): DeadFilter {
  return Object.fromEntries(
    deadFilters.flatMap((name) => (asked[name] ? [[name, asked[name]]] : [])),
  )
}

export interface DeadLetter {
  readonly job_id: string
  readonly job: string
  /** The readable fields of its payload. */
  readonly clear: Readonly<Record<string, unknown>>
  readonly reason: string
  readonly code: string
  readonly facts: Readonly<Record<string, string | number>>
  readonly enqueued_at: Date
  readonly died_at: Date
  readonly useless_at: Date | null
  readonly purge_at: Date
  /** Jobs behind it in its stream that were done since. */
  readonly overtaken: string
}

/** Of its readable fields only those that say for whom it is and what about. */
export function aboutOf({ clear }: DeadLetter): readonly string[] {
  const { partner, event, consumer, destination } = clear
  return [partner, event, consumer, destination].filter((word) => typeof word === 'string')
}

export interface ListedDeadLetters {
  readonly letters: readonly DeadLetter[]
  /** Undefined if there are no more. */
  readonly next: Place | undefined
}

/** Oldest first. */
export async function deadLetters(
  db: Db,
  which: DeadWhich,
  { atMost, after }: { readonly atMost: number; readonly after?: Place | undefined },
): Promise<ListedDeadLetters> {
  if ('jobIds' in which) {
    const found = await Promise.all(which.jobIds.map((id) => ofJob(db, id)))
    return { letters: found.flat(), next: undefined }
  }
  const { since, ...wanted } = which
  const values = [JSON.stringify(wanted), since, after?.at ?? null, after?.id ?? null, atMost + 1]
  const { rows, next } = pageOf(await queryDeadLetters(db, values), atMost)
  return { letters: rows, next }
}

function ofJob(db: Db, id: string): Promise<DeadLetter[]> {
  return queryDeadLetters(db, [JSON.stringify({ id }), new Date(0), null, null, 1])
}

async function queryDeadLetters(
  db: Db,
  values: unknown[],
): Promise<(DeadLetter & { readonly place: string })[]> {
  const { rows } = await db.query<DeadLetter & { place: string }>(
    `select *, ${placeOf('died_at')} as place from ops.dead_letters($1, $2, $3, $4, $5)`,
    values,
  )
  return rows
}

/** So many are written into the audit in one line. */
const batchSize = 500

/** The jobs they are of, in the order in which they failed and in such numbers as one statement takes. */
export async function batchesOf(db: Db, which: DeadWhich): Promise<string[][]> {
  if ('jobIds' in which) return [[...which.jobIds]]
  const { letters } = await deadLetters(db, which, { atMost: 100_000 })
  const ids = letters.map(({ job_id: jobId }) => jobId)
  return Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, index) =>
    ids.slice(index * batchSize, (index + 1) * batchSize),
  )
}

/** `useless`: its time has passed. `gone`: there is none of this job. */
export type ReplayAnswer = 'queued' | 'useless' | 'gone'

export async function replayDeadLetters(
  db: Db,
  actor: string,
  jobIds: readonly string[],
): Promise<{ job_id: string; answer: ReplayAnswer }[]> {
  const { rows } = await db.query<{ job_id: string; answer: ReplayAnswer }>(
    'select job_id, answer from ops.replay_dead_letters($1, $2)',
    [actor, jobIds],
  )
  return rows
}

/** Names those that were there. */
export async function discardDeadLetters(
  db: Db,
  actor: string,
  jobIds: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ job_id: string }>(
    'select job_id from ops.discard_dead_letters($1, $2) as job_id',
    [actor, jobIds],
  )
  return rows.map(({ job_id: jobId }) => jobId)
}
