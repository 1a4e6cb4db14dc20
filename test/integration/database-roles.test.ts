import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const insufficientPrivilege = '42501'

/** The code with which Postgres refuses a statement, or `allowed`. */
async function attempt(role: 'web' | 'worker', statement: string): Promise<string> {
  const client = await database.pool(role).connect()
  try {
    await client.query('begin')
    await client.query(statement)
    return 'allowed'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  } finally {
    await client.query('rollback')
    client.release()
  }
}

const queueTables = [
  '_private_jobs',
  '_private_job_queues',
  '_private_tasks',
  '_private_known_crontabs',
  'jobs',
  'migrations',
]

describe('the web', () => {
  test.each(queueTables)('cannot read or touch the queue: %s', async (table) => {
    expect(await attempt('web', `select * from graphile_worker.${table}`)).toBe(
      insufficientPrivilege,
    )
    expect(await attempt('web', `delete from graphile_worker.${table}`)).toBe(insufficientPrivilege)
  })

  test.each([
    `insert into graphile_worker._private_jobs (task_id) values (1)`,
    `update graphile_worker._private_jobs set payload = '{}'`,
    `select graphile_worker.add_job('resolution-proofing', '{}')`,
    `select graphile_worker.remove_job('x')`,
    `select graphile_worker.complete_jobs('{1}')`,
    `select * from worker.ledger`,
    `insert into worker.ledger (job_id) values ('x')`,
    `update worker.ledger set state = 'done'`,
    `delete from worker.ledger`,
    `select nextval('worker.tokens')`,
    `select * from migrations.applied`,
    `create table web.mine ()`,
    `create table public.mine ()`,
    `create schema mine`,
    `create temporary table mine ()`,
    `alter function channel.enqueue(jsonb) reset all`,
    `set role anteroom_owner`,
    `set role anteroom_worker`,
  ])('cannot %s', async (statement) => {
    expect(await attempt('web', statement)).toBe(insufficientPrivilege)
  })

  test.each([
    `select * from channel.enqueue('[]')`,
    `select channel.cancel('{}')`,
    `select * from web.submit('[]')`,
    `select * from web.attempts`,
    `delete from web.limit_uses`,
  ])('can %s', async (statement) => {
    expect(await attempt('web', statement)).toBe('allowed')
  })
})

describe('the worker', () => {
  test.each([
    `select * from web.attempts`,
    `select * from web.limit_uses`,
    `delete from web.attempts`,
    `select * from web.submit('[]')`,
    `select * from channel.enqueue('[]')`,
    `select channel.cancel('{}')`,
    `insert into graphile_worker.migrations (id) values (99)`,
    `alter table graphile_worker._private_jobs add column mine text`,
    `drop table worker.ledger`,
    `truncate worker.ledger`,
    `create table worker.mine ()`,
    `create schema mine`,
    `set role anteroom_owner`,
    `set role anteroom_web`,
  ])('cannot %s', async (statement) => {
    expect(await attempt('worker', statement)).toBe(insufficientPrivilege)
  })

  test.each([
    `select * from graphile_worker._private_jobs`,
    `select graphile_worker.add_job('resolution-proofing', '{}')`,
    `select graphile_worker.force_unlock_workers('{x}')`,
    `select * from worker.ledger`,
    `select nextval('worker.tokens')`,
  ])('can %s', async (statement) => {
    expect(await attempt('worker', statement)).toBe('allowed')
  })
})

test('a function of the channel cannot be led astray by the caller’s search path', async () => {
  const { rows } = await database.pool('admin').query<{ name: string; config: string[] }>(
    `select proname as name, proconfig as config from pg_proc
     where pronamespace = 'channel'::regnamespace and prosecdef`,
  )

  expect(rows.map(({ name }) => name).sort()).toEqual(['cancel', 'enqueue'])
  for (const { config } of rows) expect(config).toEqual(['search_path=pg_catalog, pg_temp'])
})

test('nobody but the listed roles may connect', async () => {
  const { rows } = await database
    .pool('admin')
    .query<{ acl: string }>(
      `select array_to_string(datacl, ' ') as acl from pg_database where datname = 'anteroom'`,
    )

  expect(rows[0]?.acl).not.toMatch(/(^| )=/)
})
