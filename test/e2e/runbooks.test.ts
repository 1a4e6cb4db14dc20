import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { documentBucket } from '@anteroom/infra/local/policies.ts'
import { samplePartnerId } from '@anteroom/infra/sandbox/partner/sample-partner.ts'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { opsOf } from '../support/ops.ts'
import { root } from '../support/root.ts'
import { commandsOfRunbook } from '../support/runbook.ts'
import { type RunbookShell, startRunbookShell } from '../support/runbook-shell.ts'
import { startTestSystem, type TestSystem, waitForAnswer, walkToWaiting } from '../support/walk.ts'

/** Tried where a database fails over and is restored: `test/e2e/database-copies.test.ts`. */
const triedElsewhere = ['database-failover.md', 'restore.md']

const runbooks = readdirSync(join(root, 'docs/runbooks')).filter(
  (file) => !triedElsewhere.includes(file),
)

let system: TestSystem
let shell: RunbookShell
beforeAll(async () => {
  system = await startTestSystem()
  const { stack, web, worker } = system
  await issue('K7Q2-4821-9930')
  await letAskForTransfers(consumer)
  await holdEventsFor(samplePartnerId)
  const { person } = await walkToWaiting(web.url)
  await waitForAnswer(person)
  shell = await startRunbookShell({
    databaseUrl: () => stack.adminUrl,
    values: {
      put_first_at: '2026-11-01',
      new_password: stack.secrets.postgresWorker,
      since: '2026-11-01',
    },
    env: {
      ...(await stack.environmentFor('ops')),
      JOB_ID: await anyJob(),
      WEB: web.internalUrl,
      WORKER: worker.internalUrl,
      PUBLIC_URL: web.url,
      REDIS_ADMIN_URL: stack.redis.urls.admin,
      DOCUMENT_BUCKET: documentBucket,
      PARTNERS_FILE: stack.addresses.partnersFile,
      PARTNER: samplePartnerId,
      CONSUMER: consumer,
      CLUSTER: 'anteroom-test',
      SERVICE: 'worker',
      DESTINATION: 'county-records',
    },
    programs: { aws, 'redis-cli': redisCli },
  })
})
afterAll(async () => {
  await shell.stop()
  await system.stop()
})

async function inDatabase(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: system.stack.adminUrl })
  await client.connect()
  const result = await client.query(text, values)
  await client.end()
  return result
}

const consumer = 'permits-office'

/** Somebody whose keys can be looked at and changed. */
async function letAskForTransfers(id: string): Promise<void> {
  const ops = await opsOf(system.stack)
  const made = await ops(['transfer', 'consumer', 'new', id, '--destinations', 'county-records'])
  expect(made).toMatchObject({ code: 0 })
}

/** So that there is something to release. */
async function holdEventsFor(partner: string): Promise<void> {
  const ops = await opsOf(system.stack)
  expect(await ops(['events', 'hold', partner])).toMatchObject({ code: 0 })
}

/** A credential that an operator can revoke. */
async function issue(number: string): Promise<void> {
  await inDatabase(
    `insert into worker.credentials (credential_id, rid, number, valid_from, valid_until)
     values ($1, $2, $3, current_date, current_date + 365)`,
    ['c'.repeat(43), 'r'.repeat(16), number],
  )
}

async function anyJob(): Promise<string> {
  const { rows } = await inDatabase('select job_id from worker.ledger limit 1')
  return rows[0]?.job_id ?? ''
}

const ofService = ['--cluster', 'anteroom-test', '--service', 'worker']

/** Of what `aws` can do, what runbooks ask for. There is no ECS here: what would be asked of it is as its manual says. */
async function aws(words: readonly string[]): Promise<string> {
  if (words[0] === 's3api') return oldestImage(words)
  expect([
    ['ecs', 'update-service', ...ofService, '--force-new-deployment'],
    ['ecs', 'update-service', ...ofService, '--desired-count', '0'],
    ['ecs', 'update-service', ...ofService, '--desired-count', '4'],
    ['ecs', 'wait', 'services-stable', '--cluster', 'anteroom-test', '--services', 'worker'],
    [
      ...['iam', 'attach-role-policy', '--role-name', 'anteroom-test-worker'],
      ...['--policy-arn', 'arn:aws:iam::aws:policy/AWSDenyAll'],
    ],
  ]).toContainEqual(words)
  return ''
}

async function oldestImage(words: readonly string[]): Promise<string> {
  const [, command, ...options] = words
  expect([command, options.filter((_option, index) => index % 2 === 0)]).toEqual([
    'list-objects-v2',
    ['--bucket', '--prefix', '--query'],
  ])
  const client = new S3Client({
    endpoint: system.stack.addresses.s3Url,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'LOCALWORKER', secretAccessKey: system.stack.secrets.awsWorker },
  })
  const found = await client.send(
    new ListObjectsV2Command({ Bucket: options[1] ?? '', Prefix: options[3] ?? '' }),
  )
  client.destroy()
  return JSON.stringify(found.Contents?.[0] ?? null)
}

/** `redis-cli -u <url> <command> …`. */
async function redisCli([option, url = '', command = '', ...words]: readonly string[]) {
  expect(option).toBe('-u')
  const redis = new Redis(url)
  const said = await redis.call(command, ...words)
  redis.disconnect()
  return String(said)
}

test.each(
  runbooks.flatMap((file) =>
    commandsOfRunbook(file).map((command) => ({ ...command, first: command.text.split('\n')[0] })),
  ),
)('$where: $first', async (command) => {
  await expect(shell.run(command)).resolves.toBeTypeOf('string')
})

test('a command without a language, or that is wrong, is noticed', async () => {
  const wrong = [
    { where: 'here', language: '', text: 'select 1' },
    { where: 'here', language: 'sql', text: 'select nothing from nowhere' },
    { where: 'here', language: 'sql', text: `select :'unknown'` },
    { where: 'here', language: 'sh', text: 'pnpm ops line jump' },
  ]

  const ended = await Promise.allSettled(wrong.map(async (command) => shell.run(command)))

  expect(ended.map(({ status }) => status)).toEqual(wrong.map(() => 'rejected'))
})
