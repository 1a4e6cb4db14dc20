import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sealTextFor } from '@anteroom/crypto'
import { type LocalProxy, startProxy } from '@anteroom/infra/local/proxy.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { enqueueJobs, newJobId, toJobRider } from '@anteroom/job-channel'
import { jobs, packJob, type Seal } from '@anteroom/job-contracts'
import { newTraceparent } from '@anteroom/runtime'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localSealer } from '../support/local-sealer.ts'
import { newJti, tokenOf } from '../support/push-bed.ts'
import {
  receiverHost,
  type ScriptedReceiver,
  startScriptedReceiver,
} from '../support/scripted-receiver.ts'
import { startTestStack } from '../support/stack.ts'
import { createRandom } from './harness/random.ts'
import { type Supervised, supervise } from './harness/supervised.ts'

// What partners are told arrives whatever becomes of the workers, as it was signed and in its order.

const kills = 12
const batches = 24
const streams = 20
const eventsInBatch = 20
const random = createRandom(11)

let stack: LocalStack
let receiver: ScriptedReceiver
let proxy: LocalProxy
let workers: Supervised[]
let database: pg.Pool
let seal: Seal
beforeAll(async () => {
  stack = await startTestStack({ keys: 'local' })
  receiver = await startScriptedReceiver()
  const here = { host: '127.0.0.1', port: receiver.port }
  const credentials = { username: 'worker', password: 'p' }
  proxy = await startProxy({
    port: 0,
    credentials,
    allow: { [`127.0.0.1:${receiver.port}`]: here },
  })
  database = new pg.Pool({ connectionString: stack.adminUrl })
  // A connection that says goodbye may hear first that its server stops.
  database.on('error', () => undefined)
  seal = sealTextFor(localSealer(stack), 'payload')
  const settings = {
    ...(await stack.environmentFor('worker')),
    ANTEROOM_INTERNAL_PORT: '0',
    ANTEROOM_OUTBOUND_PROXY_URL: proxy.url,
    ANTEROOM_PARTNERS_FILE: await writePartner(),
    ANTEROOM_PUSH_PRIVATE_HOSTS: receiverHost(receiver.port),
  }
  workers = ['a', 'b', 'c'].map((name) => supervise('worker', `worker-${name}`, { settings }))
  await Promise.all(workers.map((worker) => worker.untilReady()))
}, 120_000)
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  await database.end()
  await proxy.stop()
  await receiver.stop()
  await stack.stop()
})

async function writePartner(): Promise<string> {
  const folder = dirname(stack.addresses.partnersFile)
  const caFile = join(folder, 'receiver-ca.pem')
  await writeFile(caFile, receiver.ca)
  const file = join(folder, 'told-partners.yaml')
  const told = { url: receiver.url('library'), ca_file: caFile, per_minute: 100_000 }
  await writeFile(file, JSON.stringify({ partners: [{ id: 'library', security_events: told }] }))
  return file
}

interface Told {
  readonly jti: string
  readonly stream: number
  readonly set: string
}

/** As the web does it: in one transaction. */
async function tell(batch: readonly Told[]): Promise<void> {
  const riders = await Promise.all(
    batch.map(async ({ jti, stream, set }) => {
      const payload = {
        ...{ partner: 'library', event: 'password-reset', jti, set },
        stream: Buffer.alloc(32, stream).toString('base64url'),
      }
      const packing = { id: newJobId(), traceparent: newTraceparent(), seal }
      return toJobRider(jobs.riscDelivery, await packJob(jobs.riscDelivery, payload, packing))
    }),
  )
  await enqueueJobs(database, riders)
}

function makeBatch(): Told[] {
  return Array.from({ length: eventsInBatch }, () => {
    const jti = newJti()
    return { jti, stream: Math.floor(random.between(0, streams)), set: tokenOf({ jti }) }
  })
}

async function killOne(): Promise<void> {
  const isReady = (worker: Supervised) => worker.readyMs() > 0
  await expect.poll(() => workers.some(isReady)).toBe(true)
  random.pick(workers.filter(isReady)).signal('SIGKILL')
}

async function isAllEnded(count: number): Promise<boolean> {
  const { rows } = await database.query<{ done: number; queued: number }>(
    `select (select count(*)::integer from worker.ledger where job = 'risc-delivery' and state = 'done') as done,
       (select count(*)::integer from graphile_worker._private_jobs) as queued`,
  )
  return rows[0]?.done === count && rows[0].queued === 0
}

test('workers are killed while partners are told: everything arrives, as it was signed and in order', async () => {
  receiver.script = async () => {
    await pause(random.between(10, 70))
    return { status: 202 }
  }
  const told: Told[] = []
  for (let batch = 0; batch < batches; batch += 1) {
    const next = makeBatch()
    await tell(next)
    told.push(...next)
    if (batch % 2 === 1) await killOne()
    await pause(250)
  }
  await expect.poll(() => isAllEnded(told.length), { timeout: 90_000 }).toBe(true)

  const jtiOf = new Map(told.map(({ jti, set }) => [set, jti]))
  const arrived = receiver.received.map(({ body }) => jtiOf.get(body))
  const firstArrivals = [...new Set(arrived)]
  const orderOf = (jtis: readonly (string | undefined)[], stream: number) => {
    const inStream = new Set(told.filter((one) => one.stream === stream).map(({ jti }) => jti))
    return jtis.filter((jti) => jti !== undefined && inStream.has(jti))
  }
  const kept = workers.flatMap(({ lives }) => lives).filter(({ end }) => end === 'SIGKILL')
  expect(kept).toHaveLength(kills)
  expect(arrived).not.toContain(undefined)
  expect(new Set(arrived)).toEqual(new Set(told.map(({ jti }) => jti)))
  for (let stream = 0; stream < streams; stream += 1) {
    const inOrder = told.map(({ jti }) => jti)
    expect(orderOf(firstArrivals, stream)).toEqual(orderOf(inOrder, stream))
  }
  // A kill repeats at most what its worker had on the way to this partner.
  expect(arrived.length - told.length).toBeLessThanOrEqual(kills * 16)
})
