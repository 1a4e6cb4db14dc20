import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalPostgres, startPostgres } from '@anteroom/infra/local/postgres.ts'
import { type CopyRole, copyPostgres, giveRole } from '@anteroom/infra/local/postgres-copies.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { Redis } from 'ioredis'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { controlPostgres } from '../faults/harness/database-control.ts'
import { supervise } from '../faults/harness/supervised.ts'
import { type Forwarder, startForwarder } from '../support/forwarder.ts'
import { createPerson } from '../support/person.ts'
import { localDirectory } from '../support/root.ts'
import { commandsOfRunbook, type RunbookCommand } from '../support/runbook.ts'
import { startRunbookShell } from '../support/runbook-shell.ts'
import { type ServiceOptions, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'
import { waitForAnswer, walkToWaiting, withoutDocuments } from '../support/walk.ts'

/** The database under another server's address. */
function at(url: string, port: number): string {
  const moved = new URL(url)
  moved.port = String(port)
  return moved.href
}

async function rowsOf(url: string, text: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** A copy of the stack's server as it is now; started when it is told what it is to be. */
async function copyOf(stack: LocalStack) {
  const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'), 'postgres')
  await copyPostgres(stack.postgres, directory)
  return async (role: CopyRole): Promise<LocalPostgres> => {
    await giveRole(directory, stack.postgres.url, role)
    const started = await startPostgres({
      directory,
      port: 0,
      password: stack.secrets.postgresAdmin,
      standby: role.kind === 'standby',
    })
    onTestFinished(async () => {
      await started.stop()
      await rm(join(directory, '..'), { recursive: true, force: true })
    })
    return started
  }
}

/** Runs the commands of a runbook in their order; what they said, by their text. */
async function runAll(
  file: string,
  place: Parameters<typeof startRunbookShell>[0],
  before: (command: RunbookCommand) => Promise<void> = async () => undefined,
): Promise<ReadonlyMap<string, string>> {
  const shell = await startRunbookShell(place)
  const said = new Map<string, string>()
  for (const command of commandsOfRunbook(file)) {
    await before(command)
    said.set(command.text, await shell.run(command))
  }
  await shell.stop()
  return said
}

test('a standby takes over while people wait: they are answered, and what was acknowledged is there', async () => {
  const stack = await startTestStack()
  onTestFinished(() => stack.stop())
  const startCopy = await copyOf(stack)
  const standby = await startCopy({ kind: 'standby' })
  // As RDS does in two zones: what is acknowledged is with both.
  await rowsOf(stack.adminUrl, `alter system set synchronous_standby_names = 'standby'`)
  await rowsOf(stack.adminUrl, 'select pg_reload_conf()')
  const name = await startForwarder(stack.addresses.ports.postgres)
  onTestFinished(() => name.stop())
  const { web, worker } = await superviseThrough(stack, name)
  const url = `http://localhost:${stack.addresses.ports.web}`
  const { person: early } = await walkToWaiting(url)
  await waitForAnswer(early)
  const { person } = await walkToWaiting(url, { firstName: 'Slow 8' })
  await expect
    .poll(() => rowsOf(stack.adminUrl, `select from worker.ledger where state = 'running'`))
    .toHaveLength(1)

  const failedAt = Date.now()
  const said = await runAll(
    'database-failover.md',
    {
      databaseUrl: () => at(stack.adminUrl, name.port),
      values: {},
      env: {
        DB_INSTANCE: 'anteroom',
        WEB: `http://127.0.0.1:${stack.addresses.ports.webInternal}`,
        WORKER: `http://127.0.0.1:${stack.addresses.ports.workerInternal}`,
      },
      programs: {
        async aws(words) {
          expect(words.join(' ')).toBe(
            'rds reboot-db-instance --db-instance-identifier anteroom --force-failover',
          )
          await controlPostgres(stack).stop('immediate')
          await rowsOf(standby.url, 'select pg_promote()')
          name.leadTo(standby.port)
          return ''
        },
      },
    },
    async ({ text }) => {
      if (!text.includes('readyz')) return
      await expect.poll(() => isReady(stack), { timeout: 60_000, interval: 250 }).toBe(true)
    },
  )
  const readyAfter = Date.now() - failedAt
  const answer = await waitForAnswer(person)
  const { person: next } = await walkToWaiting(url)
  const later = await waitForAnswer(next)

  expect(said.get('select pg_is_in_recovery();')).toBe('[{"pg_is_in_recovery":false}]')
  expect(answer.heading).toBe('Your details match')
  expect(later.heading).toBe('Your details match')
  const jobs = await rowsOf(at(stack.adminUrl, standby.port), 'select state from worker.ledger')
  expect(jobs).toEqual([{ state: 'done' }, { state: 'done' }, { state: 'done' }])
  expect(stack.vendors.calls().every(({ billed }) => Number(billed) <= 1)).toBe(true)
  expect(readyAfter).toBeLessThan(60_000)
  console.info(
    `ready ${readyAfter} ms after; starts: ${web.lives.length} and ${worker.lives.length}`,
  )
})

async function superviseThrough(stack: LocalStack, name: Forwarder) {
  const { databaseUrls } = stack.addresses
  const settings = async (service: 'web' | 'worker') => ({
    ...(await stack.environmentFor(service)),
    ANTEROOM_DATABASE_URL: at(databaseUrls[service], name.port),
  })
  const web = supervise('web', 'web', {
    settings: { ...(await settings('web')), ...withoutDocuments },
  })
  const worker = supervise('worker', 'worker', { settings: await settings('worker') })
  onTestFinished(async () => {
    await Promise.all([web.stop(), worker.stop()])
  })
  await Promise.all([web.untilReady(), worker.untilReady()])
  return { web, worker }
}

async function isReady({ addresses: { ports } }: LocalStack): Promise<boolean> {
  const asked = [ports.webInternal, ports.workerInternal].map((port) =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    ),
  )
  return (await Promise.all(asked)).every(Boolean)
}

test('after a restore to an earlier moment nothing is billed or sent a second time', async () => {
  const archive = join(tmpdir(), `anteroom-archive-${randomBytes(6).toString('hex')}`)
  await mkdir(archive)
  await chmod(archive, 0o777)
  onTestFinished(() => rm(archive, { recursive: true }))
  const stack = await startTestStack({
    postgresSettings: ['archive_mode=on', `archive_command=cp %p ${archive}/%f`],
  })
  onTestFinished(() => stack.stop())
  const startCopy = await copyOf(stack)
  const [web, worker] = await Promise.all([
    started('web', stack, { settings: withoutDocuments }),
    started('worker', stack),
  ])
  // Before the moment: one check that has ended, one that is under way, and an e-mail that waits.
  const { person: early } = await walkToWaiting(web.url)
  await waitForAnswer(early)
  await worker.stop()
  await walkToWaiting(web.url)
  const visitor = await walkToSignUp(web.url)
  const [now] = await rowsOf(stack.adminUrl, `select clock_timestamp()::text as at`)
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  // After it: both are done.
  const again = await started('worker', stack)
  await expect.poll(() => stack.mail.mailbox.all().length, { timeout: 30_000 }).toBe(1)
  await expect
    .poll(() =>
      rowsOf(
        stack.adminUrl,
        `select from worker.ledger where job = 'resolution-proofing' and state = 'done'`,
      ),
    )
    .toHaveLength(2)
  await rowsOf(stack.adminUrl, 'drop schema web cascade')
  await rowsOf(stack.adminUrl, 'select pg_switch_wal()')
  const asked = questions(stack)
  await Promise.all([web.stop(), again.stop()])
  let restored: LocalPostgres | undefined
  let anew: Awaited<ReturnType<typeof started>>[] = []

  const said = await runAll(
    'restore.md',
    {
      databaseUrl: () => at(stack.adminUrl, restored?.port ?? 0),
      values: { restore_time: now?.at },
      env: {
        DB_INSTANCE: 'anteroom',
        RESTORE_TIME: now?.at,
        REDIS_ADMIN_URL: stack.redis.urls.admin,
      },
      programs: {
        async aws(words) {
          expect(words).toEqual([
            ...['rds', 'restore-db-instance-to-point-in-time'],
            ...['--source-db-instance-identifier', 'anteroom'],
            ...['--target-db-instance-identifier', 'anteroom-restored'],
            ...['--restore-time', now?.at],
          ])
          restored = await startCopy({ kind: 'restored', archive, until: now?.at })
          return ''
        },
        async 'redis-cli'([, url = '', command = '']) {
          const redis = new Redis(url)
          const answer = await redis.call(command)
          redis.disconnect()
          return String(answer)
        },
      },
    },
    async ({ text }) => {
      // Between what is done and how it is seen that it is over, the services start.
      if (!text.includes('worker.ledger') || anew.length > 0 || !restored) return
      // A restore takes longer than a check has; here it took a moment.
      await rowsOf(at(stack.adminUrl, restored.port), pastDeadline)
      anew = await startOn(stack, restored.port)
      await expect
        .poll(
          () =>
            rowsOf(
              at(stack.adminUrl, restored?.port ?? 0),
              'select from web.attempts where settled_at is null',
            ),
          { timeout: 60_000 },
        )
        .toEqual([])
    },
  )
  const { person } = await walkToWaiting(web.url)
  const answer = await waitForAnswer(person)
  const mails = stack.mail.mailbox.all().length
  await Promise.all(anew.map((service) => service.stop()))

  expect(visitor.status).toBe(200)
  expect([...said.values()].slice(-2)).toEqual(['[{"count":"0"}]', '[{"count":"0"}]'])
  expect(answer.heading).toBe('Your details match')
  expect(mails).toBe(1)
  // Two questions about whoever came after the restore, and none about who came before.
  expect(questions(stack) - asked).toBe(2)
})

/** How often vendors were asked, repetitions of one question included. */
function questions({ vendors }: LocalStack): number {
  return vendors.calls().reduce((sum, { count }) => sum + count, 0)
}

async function walkToSignUp(url: string) {
  const person = createPerson(url)
  const page = await person.get('/sign-up')
  return person.submit(page, '/sign-up', { address: 'susan@example.com' })
}

const pastDeadline = `
  update graphile_worker._private_jobs
  set payload = jsonb_set(payload::jsonb, '{deadlineAt}', to_jsonb((extract(epoch from now()) * 1000)::bigint - 1000))::json
  where payload ->> 'job' <> 'email-delivery';
  update web.attempts set deadline_at = now() - interval '31 seconds' where settled_at is null;
`

async function startOn(stack: LocalStack, port: number) {
  const { databaseUrls } = stack.addresses
  return Promise.all(
    (['web', 'worker'] as const).map((service) =>
      started(service, stack, {
        settings: {
          ...(service === 'web' ? withoutDocuments : {}),
          ANTEROOM_DATABASE_URL: at(databaseUrls[service], port),
        },
      }),
    ),
  )
}

/** Nothing stays behind when the test fails. */
async function started(service: 'web' | 'worker', stack: LocalStack, options: ServiceOptions = {}) {
  const running = await startService(service, stack, options)
  onTestFinished(async () => {
    await running.stop()
  })
  return running
}
