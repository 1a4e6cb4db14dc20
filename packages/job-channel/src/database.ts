import pg from 'pg'

/** Anything that runs SQL: a pool, or a client inside a transaction. */
export interface Db {
  query<Row extends pg.QueryResultRow>(
    query: string | pg.QueryConfig,
    values?: unknown[],
  ): Promise<pg.QueryResult<Row>>
}

/** Runs `work` in one transaction on one connection: committed if it returns, rolled back if it throws. */
export async function inTransaction<T>(pool: pg.Pool, work: (tx: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const value = await work(client)
    await client.query('commit')
    return value
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** Does the work in a transaction unless another one is doing the work of this name. False if it left it to the other. */
export function inSoleTransaction(
  pool: pg.Pool,
  name: string,
  work: (tx: Db) => Promise<void>,
): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ mine: boolean }>(
      'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as mine',
      [name],
    )
    const mine = rows[0]?.mine === true
    if (mine) await work(tx)
    return mine
  })
}

/**
 * Whether this error leaves it open if a commit happened: the connection went away before the answer came.
 * A database error with its own SQLSTATE is an answer, except class 08 (connection) and 57P (the server is going down).
 */
export function isCommitUnknown(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true
  return error.code?.startsWith('08') === true || error.code?.startsWith('57P') === true
}
