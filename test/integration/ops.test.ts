import { createSealerFromSettings, openTextFor, type Purpose } from '@anteroom/crypto'
import { kmsKeyId } from '@anteroom/infra/local/policies.ts'
import { quotaFields, quotaKey } from '@anteroom/job-channel'
import { jobs, type Open, readWire, unpackJob, type WireJob } from '@anteroom/job-contracts'
import { GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Ops, opsOf } from '../support/ops.ts'
import { startTestStack } from '../support/stack.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let admin: pg.Pool
let ops: Ops
beforeAll(async () => {
  stack = await startTestStack()
  admin = new pg.Pool({ connectionString: stack.adminUrl, max: 4 })
  // The server may close idle connections before they are put away.
  admin.on('error', () => undefined)
  ops = await opsOf(stack)
})
afterAll(async () => {
  await admin.end()
  await stack.stop()
})
beforeEach(async () => {
  await admin.query(
    `truncate ops.audit, ops.quotas, web.account_orders, worker.ledger, worker.credentials, web.revocation_lists, web.line_figures;
     delete from graphile_worker._private_jobs;
     update web.line_control set mode = 'open', message = null`,
  )
})

async function queued(): Promise<WireJob[]> {
  const { rows } = await admin.query<{ payload: unknown }>(
    'select payload from graphile_worker._private_jobs order by id',
  )
  return rows.map(({ payload }) => readWire(payload))
}

async function onlyQueued(): Promise<WireJob> {
  const wires = await queued()
  expect(wires).toHaveLength(1)
  // One, checked above.
  return wires[0] as WireJob
}

interface Audited {
  readonly actor: string
  readonly command: string
  readonly arguments: object
  readonly job_id: string | null
}

async function audited(): Promise<Audited[]> {
  const { rows } = await admin.query<Audited>(
    'select actor, command, arguments, job_id from ops.audit order by id',
  )
  return rows
}

async function lineControl(): Promise<{ mode: string; message: string | null }[]> {
  const { rows } = await admin.query('select mode, message from web.line_control')
  return rows
}

/** As the role of a service opens what was sealed for it. */
function openAs(role: 'web' | 'worker', purpose: Purpose): Open {
  const isWeb = role === 'web'
  process.env.AWS_ACCESS_KEY_ID = isWeb ? 'LOCALWEB' : 'LOCALWORKER'
  process.env.AWS_SECRET_ACCESS_KEY = isWeb ? stack.secrets.awsWeb : stack.secrets.awsWorker
  const sealer = createSealerFromSettings(
    {
      environment: 'local',
      keyProvider: 'kms',
      kmsKeyId,
      kmsEndpoint: stack.addresses.kmsUrl,
      awsRegion: 'us-east-1',
      sessionEncryptionKeys: [
        { id: '1', key: Buffer.from(stack.secrets.sessionEncryption, 'base64url') },
      ],
    },
    { keysWithinMs: 5_000 },
  )
  return openTextFor(sealer, purpose)
}

/** A worker has begun the job that is queued next, and this is what came of it. */
async function settleNext(state: 'running' | 'done' | 'failed', reason?: string): Promise<void> {
  let wires = await queued()
  while (wires.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    wires = await queued()
  }
  await admin.query(
    `insert into worker.ledger (job_id, job, state, reason, attempt, starts, token, enqueued_at, deadline_at, settled_at)
     values ($1, $2, $3, $4, 1, 1, 1, now(), now() + interval '60 seconds', now())`,
    [wires[0]?.id, wires[0]?.job, state, reason],
  )
}

async function issue(...numbers: readonly string[]): Promise<void> {
  for (const number of numbers) {
    await admin.query(
      `insert into worker.credentials (credential_id, rid, number, valid_from, valid_until)
       values ($1, $1, $1, current_date, current_date + 365)`,
      [number],
    )
  }
}

describe('a rate', () => {
  test('is a job that the worker can open and read, and an entry in the audit', async () => {
    const answer = await ops(['line', 'rate', '50/1s', '--wait', '0'])

    const wire = await onlyQueued()
    expect(answer.code).toBe(3)
    expect(answer.said).toContain('no worker has begun it')
    expect(await unpackJob(jobs.quotaControl, wire, openAs('worker', 'payload'))).toEqual({
      vendor: 'registry',
      revision: 1,
      calls: 50,
      windowSeconds: 1,
    })
    expect(wire.deadlineAt - wire.enqueuedAt).toBe(60_000)
    expect(await audited()).toEqual([
      {
        actor: 'ada',
        command: 'line rate',
        arguments: { vendor: 'registry', calls: 50, windowSeconds: 1 },
        job_id: wire.id,
      },
    ])
  })

  test('is in effect once the worker has done the job', async () => {
    const [answer] = await Promise.all([
      ops(['line', 'rate', '600/1m', '--wait', '30']),
      settleNext('done'),
    ])

    expect(answer).toMatchObject({
      code: 0,
      said: 'In effect: at most 600 calls of the registry in 60 s.\n',
    })
    expect(answer.noted).toContain('The worker says: done.')
  })

  test('that the worker fails has failed', async () => {
    const [answer] = await Promise.all([
      ops(['line', 'rate', '600/1m', '--wait', '30']),
      settleNext('failed', 'internal'),
    ])

    expect(answer.code).toBe(1)
    expect(answer.said).toContain('the worker says internal')
  })

  test('that a worker is still at when the time is up is not known to be in effect', async () => {
    const [answer] = await Promise.all([
      ops(['line', 'rate', '600/1m', '--wait', '4']),
      settleNext('running'),
    ])

    expect(answer.code).toBe(3)
    expect(answer.said).toContain('a worker is at it')
  })
})

test('the newest command says all that was ordered: whichever comes first to the worker, nothing is lost', async () => {
  await ops(['line', 'rate', '50/1s', '--wait', '0'])
  await Promise.all([
    ops(['line', 'pause', '--wait', '0']),
    ops(['line', 'rate', '20/1m', '--wait', '0']),
  ])

  const wires = await queued()
  const orders = await Promise.all(
    wires.map((wire) => unpackJob(jobs.quotaControl, wire, openAs('worker', 'payload'))),
  )
  const newest = orders.toSorted((one, other) => other.revision - one.revision)[0]
  expect(orders.map(({ revision }) => revision).sort()).toEqual([1, 2, 3])
  expect(newest).toEqual({
    vendor: 'registry',
    revision: 3,
    calls: 20,
    windowSeconds: 60,
    paused: true,
  })
})

test('what the worker has done already is not ordered again: a vendor’s own pause is not lifted by a new rate', async () => {
  await Promise.all([ops(['line', 'resume', '--wait', '30']), settleNext('done')])
  await ops(['line', 'rate', '50/1s', '--wait', '0'])

  const newest = (await queued()).at(-1)
  expect(newest?.clear).toEqual({ vendor: 'registry', revision: 2, calls: 50, windowSeconds: 1 })
})

test('who resumes takes the pause away and leaves the rate', async () => {
  await ops(['line', 'rate', '50/1s', '--wait', '0'])
  await ops(['line', 'pause', '--wait', '0'])
  await ops(['line', 'resume', '--wait', '0'])

  const newest = (await queued()).at(-1)
  expect(newest?.clear).toMatchObject({ revision: 3, calls: 50, windowSeconds: 1, paused: false })
})

test('draining, opening and the message are in effect when the command ends, and audited', async () => {
  const drained = await ops(['line', 'drain', '--actor', 'grace'])
  const told = await ops(['line', 'message', 'We are back at 3 p.m. 😀'])
  const during = await lineControl()
  const opened = await ops(['line', 'open'])
  const cleared = await ops(['line', 'message', '--clear'])

  expect([drained, told, opened, cleared].map(({ code }) => code)).toEqual([0, 0, 0, 0])
  expect(during).toEqual([{ mode: 'drained', message: 'We are back at 3 p.m. 😀' }])
  expect(await lineControl()).toEqual([{ mode: 'open', message: null }])
  expect(await audited()).toEqual([
    { actor: 'grace', command: 'line drain', arguments: { mode: 'drained' }, job_id: null },
    {
      actor: 'ada',
      command: 'line message',
      arguments: { message: 'We are back at 3 p.m. 😀' },
      job_id: null,
    },
    { actor: 'ada', command: 'line open', arguments: { mode: 'open' }, job_id: null },
    { actor: 'ada', command: 'line message', arguments: { message: null }, job_id: null },
  ])
})

describe('revoking', () => {
  const revoke = ['credential', 'revoke', 'K7Q2-4821-9930', 'AB12-0000-0001', '--reason', 'stolen']

  test('is a job with the numbers, and an entry with the reason', async () => {
    await issue('K7Q2-4821-9930', 'AB12-0000-0001')

    const answer = await ops([...revoke, '--wait', '0'])

    const wire = await onlyQueued()
    const numbers = ['K7Q2-4821-9930', 'AB12-0000-0001']
    expect(answer.code).toBe(3)
    expect(await unpackJob(jobs.credentialRevocations, wire, openAs('worker', 'payload'))).toEqual({
      numbers,
    })
    expect(await audited()).toMatchObject([
      { command: 'credential revoke', arguments: { numbers, reason: 'stolen' }, job_id: wire.id },
    ])
  })

  test('one number that no credential has stops all of it', async () => {
    await issue('K7Q2-4821-9930')

    const answer = await ops(revoke)

    expect(answer.code).toBe(2)
    expect(answer.noted).toContain('No credential has this number: AB12-0000-0001')
    expect(await queued()).toEqual([])
    expect(await audited()).toEqual([])
  })

  test('is in effect once the web serves a list that was made after it', async () => {
    await issue('K7Q2-4821-9930', 'AB12-0000-0001')
    await listMade('1 hour')

    const [answer] = await Promise.all([ops([...revoke, '--wait', '30']), revokeAndServe()])

    expect(answer).toMatchObject({ code: 0, said: expect.stringContaining('2 revoked') })
  })

  test('that the web serves an older list is not hidden', async () => {
    await issue('K7Q2-4821-9930', 'AB12-0000-0001')
    await listMade('1 hour')

    const [answer] = await Promise.all([ops([...revoke, '--wait', '4']), settleNext('done')])

    expect(answer.code).toBe(3)
    expect(answer.said).toContain('the web does not serve it yet')
  })

  async function listMade(ago: string): Promise<void> {
    await admin.query(
      `insert into web.revocation_lists (issuer, list, made_at, entries)
       values ('https://id.example', 'a.b.c', date_trunc('second', now()) - $1::interval, 0)
       on conflict (issuer) do update set made_at = excluded.made_at`,
      [ago],
    )
  }

  async function revokeAndServe(): Promise<void> {
    await settleNext('done')
    await admin.query('update worker.credentials set revoked_at = now()')
    await listMade('0 seconds')
  }
})

test('the status says how long the line is, how fast it moves, and what operators ordered', async () => {
  const redis = new Redis(stack.redis.urls.worker)
  const { calls, windowMs, pausedUntil, stopped } = quotaFields
  await redis.hset(quotaKey('registry'), calls, 90, windowMs, 60_000, pausedUntil, 0, stopped, 1)
  redis.disconnect()
  await admin.query(
    `insert into web.line_figures (waiting, parked, called, wait_low_seconds, wait_likely_seconds, wait_high_seconds, measured_at)
     values (1234, 40, 12, 700, 830, 1000, '2026-11-23 10:00:00Z')`,
  )
  await ops(['line', 'drain'])
  await ops(['line', 'message', 'Back at "3"'])

  const answer = await ops(['line', 'status'])

  expect(answer.code).toBe(0)
  expect(answer.said.split('\n').map((row) => row.replace(/\s{2,}/, ': '))).toEqual([
    'in line: 1234',
    'called: 12',
    'parked: 40',
    'wait of who joins now: likely 830 s; in nine of ten cases 700 to 1000 s',
    'measured: 2026-11-23 10:00:00 UTC',
    'issued in the last minute: 0',
    'rate: 1.5 calls a second',
    'calling: paused by an operator',
    'joining: drained',
    'message: "Back at \\"3\\""',
    '',
  ])
})

test('the status of an idle line without Redis says what is not known', async () => {
  const answer = await ops(['line', 'status'], { ANTEROOM_REDIS_URL: 'redis://127.0.0.1:1' })

  expect(answer.code).toBe(0)
  expect(answer.said).toMatch(/in line +0\n/)
  expect(answer.said).toMatch(/wait of who joins now +not known\n/)
  expect(answer.said).toMatch(/measured +never\n/)
  expect(answer.said).toMatch(/rate +not known/)
})

test('the audit shows the last commands, newest first', async () => {
  await ops(['line', 'drain'])
  await ops(['line', 'pause', '--wait', '0', '--actor', 'grace'])

  const answer = await ops(['audit', '--last', '1'])

  const { id } = await onlyQueued()
  expect(answer.said).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}grace {2}line pause {2}\{.*"paused":true.*\} {2}job /,
  )
  expect(answer.said.trim().endsWith(`job ${id}`)).toBe(true)
  expect(answer.said.trim().split('\n')).toHaveLength(1)
})

describe('what is not right does nothing', () => {
  test.each([
    [['line', 'rate', '0/1s']],
    [['line', 'message', 'x'.repeat(301)]],
    [['line', 'message', 'two\nlines']],
    [['line', 'stop']],
    [['line', 'pause', '--force']],
    [['credential', 'revoke', 'K7Q2-4821-9930', '--reason', 'anger']],
    [['credential', 'revoke', "K7'; drop table ops.audit", '--reason', 'lost']],
  ])('%j', async (line) => {
    const answer = await ops(line)

    expect(answer.code).toBe(2)
    expect(answer.said).toBe('')
    expect(answer.noted).toContain('Nothing was done.')
    expect(await audited()).toEqual([])
    expect(await queued()).toEqual([])
  })

  test('without a name', async () => {
    expect((await ops(['line', 'drain'], { USER: '' })).code).toBe(2)
    expect(await lineControl()).toEqual([{ mode: 'open', message: null }])
  })

  test('without settings, and it says which', async () => {
    const answer = await ops(['line', 'drain'], { ANTEROOM_ENVIRONMENT: 'Bad Name' })

    expect(answer.code).toBe(1)
    expect(answer.noted).toContain('environment (ANTEROOM_ENVIRONMENT): wrong')
  })

  test('without a database, and its password is not shown', async () => {
    const away = { ANTEROOM_DATABASE_URL: 'postgres://ops:hidden@127.0.0.1:1/anteroom' }

    const answer = await ops(['line', 'drain'], away)

    expect(answer.code).toBe(1)
    expect(answer.noted).toContain('nothing was done: ECONNREFUSED')
    expect(answer.noted).not.toContain('hidden')
  })

  test('without KMS', async () => {
    const answer = await ops(['line', 'pause'], { ANTEROOM_KMS_ENDPOINT: 'http://127.0.0.1:1' })

    expect(answer.code).toBe(1)
    expect(answer.noted).toContain('nothing was done: SEAL_KEYS_UNAVAILABLE')
    expect(await audited()).toEqual([])
  })
})

test('help needs no settings and no name', async () => {
  const answer = await ops(['help'], { USER: '', ANTEROOM_SETTINGS: 'file:/nowhere' })

  expect(answer.code).toBe(0)
  expect(answer.said).toContain('ops line status')
})

describe('suspending an account', () => {
  test('is taken while no web runs, sealed for it alone, and audited without the address', async () => {
    const answer = await ops(['account', 'suspend', 'person@example.test', '--wait', '0'])

    const { rows } = await admin.query('select * from web.account_orders')
    const [entry] = await audited()
    expect(answer).toMatchObject({
      code: 3,
      said: expect.stringContaining('the web has not done it'),
    })
    expect(rows).toMatchObject([{ wish: 'suspend', outcome: null, account_id: null }])
    expect(entry).toMatchObject({ actor: 'ada', command: 'account suspend' })
    expect(JSON.stringify([rows, entry, answer])).not.toContain('person@example.test')
  })
})

describe('who may seal', () => {
  const kms = {
    operators: () => kmsOf('LOCALOPS', stack.secrets.awsOps),
    'the web': () => kmsOf('LOCALWEB', stack.secrets.awsWeb),
  }
  const kmsOf = (accessKeyId: string, secretAccessKey: string) =>
    new KMSClient({
      endpoint: stack.addresses.kmsUrl,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey },
    })
  const dataKey = (purpose: string, name: string) =>
    new GenerateDataKeyCommand({
      KeyId: kmsKeyId,
      KeySpec: 'AES_256',
      EncryptionContext: { app: 'anteroom', environment: 'local', purpose, name, id: 'x' },
    })

  test.each([
    ['operators', 'payload', 'credential-issuance'],
    ['operators', 'payload', 'resolution-proofing'],
    ['operators', 'result', 'quota-control'],
    ['operators', 'session', 'quota-control'],
    ['operators', 'settings', 'quota-control'],
    ['the web', 'settings', 'account-order'],
    ['the web', 'payload', 'quota-control'],
    ['the web', 'payload', 'a-job-of-tomorrow'],
    ['the web', 'result', 'resolution-proofing'],
  ] as const)('%s cannot, as %s of %s', async (who, purpose, name) => {
    await expect(kms[who]().send(dataKey(purpose, name))).rejects.toThrow('not authorized')
  })

  test.each([
    ['operators', 'quota-control'],
    ['operators', 'credential-revocations'],
    ...Object.values(jobs)
      .filter(({ name }) => name !== 'quota-control')
      .map(({ name }) => ['the web', name] as const),
  ] as const)('%s can, as payload of %s', async (who, name) => {
    const made = await kms[who]().send(dataKey('payload', name))

    expect(made.Plaintext).toHaveLength(32)
  })
})

test('security events that failed for good are marked for the web, and who wanted that is audited', async () => {
  await admin.query('truncate web.security_events')
  await admin.query(
    `insert into web.security_events (jti, txn, event, profile, happening, partner, subject, account_id, state)
     values ($1, 't', 'account-enabled', 'ssf-1.0', '{"type":"account-enabled"}', 'library', 's', 'a', 'dead'),
            ($2, 't', 'account-enabled', 'ssf-1.0', '{"type":"account-enabled"}', 'taxes', 's', 'a', 'dead')`,
    ['a'.repeat(32), 'b'.repeat(32)],
  )

  const answer = await ops(['events', 'resign', '--partner', 'library'])
  const { rows } = await admin.query('select partner from web.security_events where resign_wanted')

  expect(answer).toMatchObject({ code: 0, said: expect.stringContaining('signs them anew') })
  expect(rows).toEqual([{ partner: 'library' }])
  expect(await audited()).toEqual([
    {
      actor: 'ada',
      command: 'events resign',
      arguments: { partner: 'library', marked: 1 },
      job_id: null,
    },
  ])
})

describe('a secret for a file', () => {
  const slot = { name: 'push-authorization', id: 'city-library' }

  test('opens for the worker and for nobody else, and for the partner it is for', async () => {
    const { code, said } = await ops(['secret', 'seal', slot.name, slot.id], {}, 'Bearer of ours\n')
    const sealed = said.trim()

    expect(code).toBe(0)
    expect(await openAs('worker', 'settings')(slot, sealed)).toBe('Bearer of ours')
    const refused = { code: 'SEAL_KEYS_UNAVAILABLE' }
    await expect(openAs('web', 'settings')(slot, sealed)).rejects.toMatchObject(refused)
    await expect(openAs('worker', 'payload')(slot, sealed)).rejects.toMatchObject({
      code: 'SEAL_UNOPENABLE',
    })
    const other = { ...slot, id: 'city-archive' }
    await expect(openAs('worker', 'settings')(other, sealed)).rejects.toMatchObject({
      code: 'SEAL_UNOPENABLE',
    })
  })

  test('is sealed where the database is away, and is no entry of the audit', async () => {
    const env = { ANTEROOM_DATABASE_URL: 'postgres://ops:x@127.0.0.1:1/anteroom' }

    const { code, said } = await ops(
      ['secret', 'seal', 'transfer-destination', 'records'],
      env,
      'two\nlines',
    )

    expect(code).toBe(0)
    const destination = { name: 'transfer-destination', id: 'records' }
    expect(await openAs('worker', 'settings')(destination, said.trim())).toBe('two\nlines')
    expect(await audited()).toEqual([])
  })

  test.each([
    [['push-authorization', 'city-library'], ''],
    [['push-authorization', 'city-library'], 'two\nlines'],
    [['transfer-destination', 'records'], 'x'.repeat(16_385)],
    [['transfer-destination'], 'x'],
    [['account-order', 'city-library'], 'x'],
    [['push-authorization', 'city-library', 'Bearer'], 'x'],
  ])('%j is refused, and the secret is not repeated', async (named, secret) => {
    const { code, said, noted } = await ops(['secret', 'seal', ...named], {}, secret)

    expect(code).toBe(2)
    expect(said).toBe('')
    expect(noted).not.toContain('two')
  })
})
