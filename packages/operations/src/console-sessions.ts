import type { Db } from '@anteroom/job-channel'

/** @param whom Keyed hash of the name that was given. False if too many have tried lately. */
export async function tryConsoleSignIn(db: Db, whom: string): Promise<boolean> {
  const { rows } = await db.query<{ may: boolean }>('select ops.try_console_sign_in($1) as may', [
    whom,
  ])
  return rows[0]?.may === true
}

/** @param session Keyed hash of what the browser holds */
export async function signInToConsole(
  db: Db,
  actor: string,
  { session, whom }: { readonly session: string; readonly whom: string },
): Promise<void> {
  await db.query('select ops.sign_in_to_console($1, $2, $3)', [actor, session, whom])
}

/** Whether it lasts, and goes on from now. */
export async function seeConsoleSession(db: Db, session: string): Promise<boolean> {
  const { rows } = await db.query<{ lasts: boolean }>(
    'select ops.see_console_session($1) as lasts',
    [session],
  )
  return rows[0]?.lasts === true
}

export async function endConsoleSession(db: Db, session: string): Promise<void> {
  await db.query('select ops.sign_out_of_console($1)', [session])
}
