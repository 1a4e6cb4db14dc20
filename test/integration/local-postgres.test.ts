import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createDatabase, startPostgres } from '@anteroom/infra/local/postgres.ts'
import { elsewherePrefix } from '@anteroom/infra/local/postgres-home.ts'
import { lockedBy } from '@anteroom/infra/local/postgres-lock.ts'
import { resetStack } from '@anteroom/infra/local/reset.ts'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { scratchDirectory } from './local-scratch.ts'

const scratch = await scratchDirectory()
const password = 'a password / of tests'
const isRoot = process.getuid?.() === 0

test('a server starts twice on the same data, also after kill -9, and keeps what was committed', async () => {
  const directory = join(scratch, 'killed')
  const first = await start(directory)
  await query(first.url, 'create table kept (id int); insert into kept values (7)')
  process.kill((await lockedBy(first.dataDirectory)) ?? Number.NaN, 'SIGKILL')

  const second = await start(directory)

  expect(await query(second.url, 'select id from kept')).toEqual([{ id: 7 }])
})

test('a stale lock file that names a living process of another kind does not stop a server', async () => {
  const directory = join(scratch, 'stale')
  const first = await start(directory)
  await first.stop()
  await writeFile(join(first.dataDirectory, 'postmaster.pid'), `${process.pid}\n/nowhere\n`)

  const second = await start(directory)

  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a second server on data in use is refused with the pid of the first', async () => {
  const directory = join(scratch, 'in-use')
  const first = await start(directory)

  const second = startPostgres({ directory, port: 0, password })

  await expect(second).rejects.toThrow(`pid ${await lockedBy(first.dataDirectory)}`)
})

test('the server has the settings that the rest relies on, and wants the password', async () => {
  const { url } = await start(join(scratch, 'settings'))
  const wrong = new URL(url)
  wrong.password = 'another'

  const settings = await query(
    url,
    `select name, setting from pg_settings where name in ('max_connections', 'tcp_keepalives_idle',
     'tcp_keepalives_interval', 'tcp_keepalives_count', 'fsync', 'log_statement', 'log_error_verbosity')`,
  )

  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    max_connections: '200',
    tcp_keepalives_idle: '5',
    tcp_keepalives_interval: '2',
    tcp_keepalives_count: '3',
    fsync: 'off',
    log_statement: 'none',
    log_error_verbosity: 'terse',
  })
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
})

test('measurements can ask for commits that survive a power cut', async () => {
  const { url } = await start(join(scratch, 'fsync'), { fsync: true })

  const rows = await query(
    url,
    "select setting from pg_settings where name in ('fsync', 'full_page_writes')",
  )

  expect(rows).toEqual([{ setting: 'on' }, { setting: 'on' }])
})

test('a database is created once, and can be a copy of another', async () => {
  const { url } = await start(join(scratch, 'databases'))
  const template = await createDatabase(url, 'with a space')
  await query(template, 'create table copied (id int)')

  const again = await createDatabase(url, 'with a space')
  const copy = await createDatabase(url, 'copy', { template: 'with a space' })

  expect(again).toBe(template)
  expect(await query(copy, 'select count(*)::int as rows from copied')).toEqual([{ rows: 0 }])
})

test.runIf(isRoot)(
  'root keeps data elsewhere when nobody cannot reach the checkout, and reset removes both',
  async () => {
    const closed = join(scratch, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const server = await start(join(closed, 'postgres'))
    await query(server.url, 'select 1')
    await server.stop()

    await resetStack(closed)

    expect(server.dataDirectory.startsWith(elsewherePrefix)).toBe(true)
    await expect(readFile(join(server.dataDirectory, 'PG_VERSION'))).rejects.toThrow('ENOENT')
    await expect(chmod(closed, 0o700)).rejects.toThrow('ENOENT')
  },
)

async function start(directory: string, options: { fsync?: boolean } = {}) {
  const server = await startPostgres({ directory, port: 0, password, ...options })
  onTestFinished(() => server.stop())
  return server
}

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(sql)
    return rows
  } finally {
    await client.end()
  }
}
