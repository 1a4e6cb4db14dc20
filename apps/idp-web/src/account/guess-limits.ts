import type { Db } from '@anteroom/job-channel'
import type pg from 'pg'

/** At most `max` uses in any window of this length, of what somebody could guess or ask for without end. */
export interface GuessLimit {
  /** Such as `password`. */
  readonly what: string
  /** For whom: a random id or a keyed hash, never what names somebody. */
  readonly whom: string
  readonly max: number
  readonly windowSeconds: number
}

/**
 * Limits of what has no job behind it, such as passwords and codes. They are counted in Postgres, so that a loss of Redis
 * gives nobody more guesses.
 */
export interface GuessLimits {
  /** Counts against all of them, or against none: then it says when the next use is free, milliseconds since the epoch. */
  use(limits: readonly GuessLimit[]): Promise<{ readonly retryAt: number } | undefined>
  /** The same answer, and nothing is counted. */
  refusal(limits: readonly GuessLimit[]): Promise<{ readonly retryAt: number } | undefined>
  /** What was counted is forgotten: whoever may do it has shown that they do not guess. */
  clear(limits: readonly GuessLimit[]): Promise<void>
}

/** Nobody looks back further than this. */
export const longestGuessWindowSeconds = 30 * 24 * 60 * 60

export async function purgeGuesses(db: Db): Promise<void> {
  await db.query(
    `delete from web.limit_uses
     where limit_key like 'guess/%' and used_at < now() - make_interval(secs => $1)`,
    [longestGuessWindowSeconds],
  )
}

export function createGuessLimits(db: pg.Pool): GuessLimits {
  async function ask(what: 'use_limit' | 'limited_until', limits: readonly GuessLimit[]) {
    const rules = limits.map((limit) => ({ ...limit, key: keyOf(limit) }))
    const { rows } = await db.query<{ refused_until: Date | null }>(
      `select web.${what}($1) as refused_until`,
      [JSON.stringify(rules)],
    )
    const refusedUntil = rows[0]?.refused_until
    return refusedUntil ? { retryAt: refusedUntil.getTime() } : undefined
  }

  return {
    use: (limits) => ask('use_limit', limits),
    refusal: (limits) => ask('limited_until', limits),
    async clear(limits) {
      await db.query('delete from web.limit_uses where limit_key = any ($1)', [limits.map(keyOf)])
    },
  }
}

const keyOf = ({ what, whom }: GuessLimit): string => `guess/${what}/${whom}`
