import { chown, cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import pg from 'pg'
import type { LocalPostgres } from './postgres.ts'
import { findPostgresHome } from './postgres-home.ts'

/** What a copy of a server becomes when it is started. */
export type CopyRole =
  /** It follows its primary until it is promoted. */
  | { readonly kind: 'standby' }
  /** It takes from the archive what was written until that moment, and is a primary then. */
  | { readonly kind: 'restored'; readonly archive: string; readonly until: string }

/**
 * A base backup of a running server, as `pg_basebackup` makes one, which does not come with the server's programs from
 * npm. It is started by `startPostgres` with the same directory.
 */
export async function copyPostgres(from: LocalPostgres, directory: string): Promise<void> {
  const home = await findPostgresHome(directory)
  const client = new pg.Client({ connectionString: from.url })
  await client.connect()
  try {
    await client.query(`select pg_backup_start('copy', fast => true)`)
    await cp(from.dataDirectory, home.dataDirectory, {
      recursive: true,
      filter: (path) => !leftOut.includes(basename(path)),
    })
    const { rows } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(wait_for_archive => true)',
    )
    await mkdir(join(home.dataDirectory, 'pg_wal/archive_status'), { recursive: true })
    await mkdir(join(home.dataDirectory, 'pg_replslot'), { recursive: true })
    await writeFile(join(home.dataDirectory, 'backup_label'), rows[0]?.labelfile ?? '')
  } finally {
    await client.end()
  }
}

/** Says what a copy is to be, before its first start. */
export async function giveRole(
  directory: string,
  primaryUrl: string,
  role: CopyRole,
): Promise<void> {
  const { dataDirectory, user } = await findPostgresHome(directory)
  const { hostname, port, username, password } = new URL(primaryUrl)
  const settings =
    role.kind === 'standby'
      ? {
          primary_conninfo: `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)} application_name=standby`,
        }
      : {
          restore_command: `cp ${role.archive}/%f %p`,
          recovery_target_time: role.until,
          recovery_target_action: 'promote',
        }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`)
  await writeFile(join(dataDirectory, 'postgresql.auto.conf'), lines.join(''))
  await writeFile(
    join(dataDirectory, `${role.kind === 'standby' ? 'standby' : 'recovery'}.signal`),
    '',
  )
  if (user) await giveAll(dataDirectory, user)
}

/** What belongs to the running server alone; its log of writes comes from the primary or the archive. */
const leftOut = ['postmaster.pid', 'postmaster.opts', 'pg_wal', 'pg_replslot']

async function giveAll(folder: string, user: { uid: number; gid: number }): Promise<void> {
  await chown(folder, user.uid, user.gid)
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if ((await stat(path)).isDirectory()) await giveAll(path, user)
    else await chown(path, user.uid, user.gid)
  }
}
