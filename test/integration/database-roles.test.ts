import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const insufficientPrivilege = '42501'

/** The code with which Postgres refuses a statement, or `allowed`. */
async function attempt(role: 'web' | 'worker' | 'ops', statement: string): Promise<string> {
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

/** Every table and view of these schemas, with one of its columns. */
async function tablesOf(schemas: readonly string[]): Promise<{ name: string; column: string }[]> {
  const { rows } = await database.pool('admin').query<{ name: string; column: string }>(
    `select format('%I.%I', nspname, relname) as name, quote_ident(attname) as column
     from pg_class
     join pg_namespace on pg_namespace.oid = relnamespace
     join pg_attribute on attrelid = pg_class.oid and attnum = 1
     where relkind in ('r', 'p', 'v', 'm', 'f') and nspname = any ($1)
     order by 1`,
    [schemas],
  )
  return rows
}

/** What Postgres says to the role for each way to touch each table: each must be refused. */
async function allAttempts(role: 'web' | 'worker' | 'ops', schemas: readonly string[]) {
  const answers: Record<string, string> = {}
  for (const { name, column } of await tablesOf(schemas)) {
    for (const statement of [
      `select 1 from ${name}`,
      `insert into ${name} default values`,
      `update ${name} set ${column} = ${column}`,
      `delete from ${name}`,
    ]) {
      answers[statement] = await attempt(role, statement)
    }
  }
  return answers
}

const refusals = (answers: Record<string, string>) =>
  Object.fromEntries(Object.keys(answers).map((statement) => [statement, insufficientPrivilege]))

describe('the web', () => {
  test('can touch no table of the queue, the worker or the migrations', async () => {
    const answers = await allAttempts('web', ['graphile_worker', 'worker', 'migrations', 'ops'])

    expect(Object.keys(answers)).toEqual(
      expect.arrayContaining([
        'select 1 from graphile_worker._private_jobs',
        'delete from worker.ledger',
        'select 1 from worker.vendor_calls',
        'select 1 from migrations.applied',
      ]),
    )
    expect(answers).toEqual(refusals(answers))
  })

  test.each([
    `insert into graphile_worker._private_jobs (task_id) values (1)`,
    `update graphile_worker._private_jobs set payload = '{}'`,
    `select graphile_worker.add_job('resolution-proofing', '{}')`,
    `select graphile_worker.remove_job('x')`,
    `select graphile_worker.complete_jobs('{1}')`,
    `select nextval('worker.tokens')`,
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

describe('the audit of transfers', () => {
  test.each([
    ['what an operator does', 'permits-office', 'transfer key new'],
    ['what nobody does', 'permits-office', 'nothing'],
    ['of a consumer that there is not', 'no-office', 'transfer requested'],
  ])('takes nothing from the web of %s', async (_what, consumer, event) => {
    await database.pool('admin').query(
      `insert into web.transfer_consumers (id, destinations, max_bytes, per_minute)
       values ('permits-office', '{}', 1, 1) on conflict do nothing`,
    )
    const append = (name: string, what: string) =>
      `select web.append_transfer_audit('${name}', '${what}', null, '{}')`

    expect(await attempt('web', append(consumer, event))).toBe(insufficientPrivilege)
    expect(await attempt('web', append('permits-office', 'transfer requested'))).toBe('allowed')
  })
})

describe('operators', () => {
  test('can touch no table of anybody, and can only read the audit', async () => {
    const schemas = ['graphile_worker', 'worker', 'web', 'migrations', 'ops']
    const answers = await allAttempts('ops', schemas)

    expect(Object.keys(answers)).toEqual(
      expect.arrayContaining([
        'select 1 from web.tickets',
        'select 1 from web.attempts',
        'select 1 from worker.ledger',
        'select 1 from worker.credentials',
        'update ops.audit set at = at',
        'delete from ops.audit',
        'insert into ops.quotas default values',
      ]),
    )
    expect(answers).toEqual({ ...refusals(answers), 'select 1 from ops.audit': 'allowed' })
  })

  test.each([
    `truncate ops.audit`,
    `insert into ops.audit (actor, command, arguments) values ('ada', 'line open', '{}')`,
    `select * from channel.enqueue('[]')`,
    `select channel.cancel('{}')`,
    `select * from web.submit('[]')`,
    `select ops.check_job('{}', 'x')`,
    `select ops.note_job('ada', 'job retry', 'x', 'y')`,
    `select ops.is_lease_dead('x')`,
    `select worker.stands_behind('x')`,
    `create table ops.mine ()`,
    `create table public.mine ()`,
    `create schema mine`,
    `set role anteroom_owner`,
    `set role anteroom_web`,
    `set role anteroom_worker`,
  ])('cannot %s', async (statement) => {
    expect(await attempt('ops', statement)).toBe(insufficientPrivilege)
  })

  test.each([
    `select ops.set_line_mode('ada', 'drained')`,
    `select ops.set_line_message('ada', null)`,
    `select * from ops.line_status()`,
    `select ops.unknown_numbers('{}')`,
    `select ops.is_revocation_served('{}')`,
    `select * from ops.audit`,
    `select * from ops.queues()`,
    `select * from ops.jobs('ready', null, null, null, 1)`,
    `select * from ops.job('x')`,
    `select * from ops.workers()`,
    `select ops.retry_job('ada', 'x')`,
    `select ops.discard_job('ada', 'x')`,
    `select ops.release_job('ada', 'x')`,
    `select ops.try_console_sign_in('x')`,
  ])('can %s', async (statement) => {
    expect(await attempt('ops', statement)).toBe('allowed')
  })

  test('can read no column of anything but the audit', async () => {
    const { rows } = await database.pool('admin').query<{ name: string; column: string }>(
      `select format('%I.%I', nspname, relname) as name, quote_ident(attname) as column
       from pg_class
       join pg_namespace on pg_namespace.oid = relnamespace
       join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
       where relkind in ('r', 'p', 'v', 'm', 'f')
         and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
       order by 1, 2`,
    )
    const answers: Record<string, string> = {}
    for (const { name, column } of rows) {
      answers[`${name}.${column}`] = await attempt('ops', `select ${column} from ${name}`)
    }

    const readable = Object.keys(answers).filter((it) => answers[it] !== insufficientPrivilege)
    expect(Object.keys(answers)).toContain('worker.dead_letters.wire')
    expect(Object.keys(answers)).toContain('graphile_worker._private_jobs.payload')
    expect(readable).toEqual(
      ['actor', 'arguments', 'at', 'command', 'id', 'job_id'].map((it) => `ops.audit.${it}`),
    )
  })

  test('are told by the state of a job of what they ordered alone', async () => {
    const admin = database.pool('admin')
    await admin.query(
      `insert into worker.ledger (job_id, job, state, reason, attempt, starts, token, enqueued_at, deadline_at, outcome)
       select id, 'quota-control', 'failed', 'internal', 1, 1, 1, now(), now(), 'sealed' from unnest('{ours,theirs}'::text[]) as id;
       insert into ops.audit (actor, command, arguments, job_id) values ('ada', 'line pause', '{}', 'ours')`,
    )

    const ask = (id: string) => database.pool('ops').query('select * from ops.job_state($1)', [id])

    expect((await ask('ours')).rows).toEqual([{ state: 'failed', reason: 'internal' }])
    expect((await ask('theirs')).rows).toEqual([])
  })
})

describe('the worker', () => {
  test('can touch no table of the web or the migrations', async () => {
    const answers = await allAttempts('worker', ['web', 'migrations', 'ops'])

    expect(Object.keys(answers)).toEqual(
      expect.arrayContaining([
        'select 1 from web.attempts',
        'delete from web.limit_uses',
        'insert into migrations.applied default values',
      ]),
    )
    expect(answers).toEqual(refusals(answers))
  })

  test.each([
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

test('a function that runs as the owner cannot be led astray by the caller’s search path', async () => {
  const { rows } = await database.pool('admin').query<{ name: string; config: string[] }>(
    `select proname as name, proconfig as config from pg_proc
     where pronamespace in ('channel'::regnamespace, 'ops'::regnamespace) and prosecdef`,
  )

  expect(rows.map(({ name }) => name).sort()).toEqual([
    'account_order',
    'add_transfer_key',
    'ask_to_stop',
    'cancel',
    'credential_receivers',
    'dead_events',
    'dead_letters',
    'deliveries',
    'discard_dead_letters',
    'discard_job',
    'enqueue',
    'gone_receivers',
    'held_receivers',
    'hold_security_events',
    'is_revocation_served',
    'job',
    'job_calls',
    'job_state',
    'jobs',
    'line_status',
    'order_account',
    'order_quota',
    'queues',
    'release_job',
    'replay_dead_events',
    'replay_dead_letters',
    'replay_transfer_webhooks',
    'resign_security_events',
    'retry_job',
    'revoke_credentials',
    'revoke_transfer_key',
    'save_transfer_consumer',
    'see_console_session',
    'set_credential_receiver',
    'set_line_message',
    'set_line_mode',
    'set_transfer_consumer_active',
    'sign_in_to_console',
    'sign_out_of_console',
    'transfer_audit',
    'transfer_consumers',
    'transfer_keys',
    'transfer_webhooks',
    'try_console_sign_in',
    'unknown_numbers',
    'workers',
  ])
  for (const { config } of rows) expect(config).toContain('search_path=pg_catalog, pg_temp')
})

test('nobody but the listed roles may connect', async () => {
  const { rows } = await database
    .pool('admin')
    .query<{ acl: string }>(
      `select array_to_string(datacl, ' ') as acl from pg_database where datname = 'anteroom'`,
    )

  expect(rows[0]?.acl).not.toMatch(/(^| )=/)
})
