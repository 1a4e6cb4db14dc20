import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { alertsFile } from '@anteroom/infra/dashboards/read-alerts.ts'
import { freePort } from '@anteroom/infra/local/ports.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Ops, opsOf } from '../support/ops.ts'
import type { Person } from '../support/person.ts'
import { findPrometheus, type Prometheus, startPrometheus } from '../support/prometheus.ts'
import { localDirectory } from '../support/root.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'
import { waitForAnswer, walkToCheck, walkToWaiting, withoutDocuments } from '../support/walk.ts'

/**
 * Each trouble is brought about in real services that a real Prometheus looks at, until its alert fires, and mended, until it
 * is silent. That no alert fires too early is tried by `infra/dashboards/alerts.test.yaml`: here all wait for two seconds, and
 * look back ten.
 */
const hurried = readFileSync(alertsFile, 'utf8')
  .replace(/^( +for): .+$/gm, '$1: 2s')
  .replace(/\[\d+[mh]\]/g, '[10s]')

const within = { timeout: 90_000, interval: 500 } as const

let stack: LocalStack
let ops: Ops
let web: RunningService
let worker: RunningService
/** Tells of the queue and takes no jobs. */
let idle: RunningService | undefined
let idlePort: number
let prometheus: Prometheus | undefined
let destinationsFile: string

beforeAll(async () => {
  const programs = await findPrometheus()
  if (programs === undefined) return
  stack = await startTestStack()
  ops = await opsOf(stack)
  idlePort = await freePort()
  destinationsFile = join(localDirectory, 'test', `destinations-${idlePort}.yaml`)
  await writeFile(destinationsFile, 'destinations: [{ name: county-records, type: https }]')
  web = await startWeb()
  worker = await startWorker()
  prometheus = await startPrometheus({
    programs,
    rules: hurried,
    targets: {
      'idp-web': [new URL(web.internalUrl).host],
      worker: [new URL(worker.internalUrl).host, `127.0.0.1:${idlePort}`],
    },
  })
}, 240_000)

afterAll(async () => {
  if (prometheus === undefined) return
  await prometheus.stop()
  await Promise.all([web.stop(), worker.stop(), idle?.stop()])
  await stack.stop()
  await rm(destinationsFile)
})

beforeEach(({ skip }) => {
  skip(prometheus === undefined, 'neither Prometheus nor Debian packages here')
})

function startWeb(): Promise<RunningService> {
  const settings = {
    ...withoutDocuments,
    ANTEROOM_REQUESTS_PER_WINDOW: '100000',
    ANTEROOM_TRANSFER_DESTINATIONS_FILE: destinationsFile,
  }
  return startService('web', stack, { settings })
}

/** One that has patience with the state's office, and none with the record keepers. */
function startWorker(): Promise<RunningService> {
  const settings = { ANTEROOM_RESOLUTION_TIMEOUT_MS: '1000', ANTEROOM_STATE_ID_TIMEOUT_MS: '58000' }
  return startService('worker', stack, { settings })
}

const firing = async (): Promise<string[]> => (await prometheus?.firing()) ?? []

async function fires(...alerts: string[]): Promise<void> {
  const silent = async () => {
    const fired = (await prometheus?.fired()) ?? []
    return alerts.filter((name) => !fired.includes(name))
  }
  await vi.waitFor(async () => expect(await silent()).toEqual([]), within)
}

async function fallSilent(...alerts: string[]): Promise<void> {
  const still = async () => (await firing()).filter((name) => alerts.includes(name))
  await vi.waitFor(async () => expect(await still()).toEqual([]), within)
}

async function handIn(changes: Record<string, string> = {}): Promise<Person> {
  const { person } = await walkToWaiting(web.url, changes)
  return person
}

/** A second later Prometheus has seen what there was; a figure that is new to it does not count as a rise. */
const untilSeen = () => new Promise((resolve) => setTimeout(resolve, 2_500))

test('in good times nothing is said', async () => {
  await waitForAnswer(await handIn())
  await untilSeen()

  await fallSilent('WorkersGone', 'WebGone')
  await untilSeen()
  expect(await firing()).toEqual([])
})

// None of these stands in the way of another, and some take a minute.
describe.concurrent('one trouble of many', () => {
  test('a vendor that does not answer', async () => {
    await waitForAnswer(await handIn({ firstName: 'Time' }))
    await untilSeen()
    await Promise.all(
      Array.from({ length: 8 }, async () => waitForAnswer(await handIn({ firstName: 'Time' }))),
    )

    await fires('VendorDown', 'JobsFail')
    await fallSilent('VendorDown', 'JobsFail')
  })

  test('checks that are given up at their deadline', async () => {
    const first = await handIn({ stateIdNumber: 'mvatimeout' })
    await untilSeen()
    const second = await handIn({ stateIdNumber: 'mvatimeout' })
    const answers = Promise.all([waitForAnswer(first), waitForAnswer(second)])

    await fires('JobsSlow', 'ChecksTimeOut')
    await answers
    await fallSilent('JobsSlow', 'ChecksTimeOut')
  })

  test('a line in which nobody is called', async () => {
    const person = await handIn()
    await waitForAnswer(person)
    await person.submit(await person.get('/verify/phone'), '/verify/phone', {
      phone: '(703) 555-0142',
    })
    await waitForAnswer(person)
    const paused = await ops(['line', 'pause'])
    const start = await person.get('/credential/start')
    const inLine = await person.submit(start, '/credential/request')
    expect(inLine.path).toBe('/credential/line')

    await fires('LineStands')
    const resumed = await ops(['line', 'resume'])
    await fallSilent('LineStands')
    await vi.waitFor(async () => {
      expect((await person.get('/credential')).path).toBe('/credential')
    }, within)

    expect([paused.code, resumed.code]).toEqual([0, 0])
  })

  test('a key for transfers that is about to expire, and a program that asks with one that was revoked', async () => {
    const transfer = (...words: string[]) => ops(['transfer', ...words])
    await transfer('consumer', 'new', 'permits-office', '--destinations', 'county-records')
    const { said } = await transfer('key', 'new', 'permits-office', '--days', '3')
    const [key = '', id = ''] = /at_([a-z0-9]{16})_\S+/.exec(said) ?? []
    const ask = async () => {
      const headers = { authorization: `Bearer ${key}` }
      return (await fetch(`${web.url}/api/transfers`, { headers })).status
    }

    await fires('TransferKeysExpire')
    const before = await ask()
    await transfer('key', 'revoke', id)
    await fallSilent('TransferKeysExpire')
    const after = await ask()
    await untilSeen()
    await Promise.all(Array.from({ length: 15 }, ask))

    await fires('TransferRequestsRefused')
    await fallSilent('TransferRequestsRefused')
    expect([before, after]).toEqual([200, 401])
  })

  test('a job that failed for good, until an operator has thrown it away', async () => {
    const client = new pg.Client({ connectionString: stack.adminUrl })
    await client.connect()
    // As a worker leaves it.
    await client.query(
      `insert into worker.dead_letters (job_id, job, wire, reason, code, facts, purge_at)
       values ($1, 'risc-delivery', $2, 'rejected-input', 'PUSH_GONE', '{}', now() + interval '1 day')`,
      ['d'.repeat(43), { id: 'd'.repeat(43), clear: { partner: 'sample-library' }, enqueuedAt: 1 }],
    )
    await client.end()

    await fires('DeadLetters')
    const discarded = await ops(['dead', 'discard', '--partner', 'sample-library'])
    await fallSilent('DeadLetters')

    expect(discarded.code).toBe(0)
  })
})

test('a web that cannot reach its keys', async () => {
  const { person, check } = await walkToCheck(web.url)
  stack.kms.setCondition('failing')
  const refused = await person.submit(check, '/verify/check')
  await untilSeen()
  await person.submit(check, '/verify/check')

  await fires('WebFails')
  stack.kms.setCondition('up')
  expect(refused.status).toBe(503)
  await fallSilent('WebFails')
})

test('a job that nobody takes, and then no worker at all', async () => {
  idle = await startService('worker', stack, {
    internalPort: idlePort,
    settings: { ANTEROOM_JOBS_ENABLED: 'false' },
  })
  await worker.kill()
  const person = await handIn()

  await fires('JobsWait')
  await idle.kill()
  idle = undefined
  await fires('WorkersGone')
  worker = await startWorker()
  await fallSilent('WorkersGone', 'JobsWait')
  expect((await waitForAnswer(person)).path).toBe('/verify/result')
})

test('no web at all', async () => {
  await web.kill()

  await fires('WebGone')
  web = await startWeb()
  await fallSilent('WebGone')
})
