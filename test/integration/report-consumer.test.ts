import { type LocalRedis, startRedis } from '@anteroom/infra/local/redis.ts'
import { newJobId, pushReport, startReportConsumer } from '@anteroom/job-channel'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { reportOf } from '../support/report.ts'
import { cacheDirectory } from '../support/root.ts'

let server: LocalRedis
let redis: Redis
beforeAll(async () => {
  const passwords = { web: 'web', worker: 'worker', ops: 'ops', admin: 'admin' }
  server = await startRedis({ port: 0, cacheDirectory, passwords })
  redis = new Redis(server.urls.admin)
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})
beforeEach(async () => {
  await redis.flushall()
  await redis.xgroup('CREATE', 'reports', 'web', '0', 'MKSTREAM')
})

async function push(): Promise<string> {
  const jobId = newJobId()
  await pushReport(redis.pipeline(), reportOf(jobId)).exec()
  return jobId
}

/** A consumer, as the web's user, that notes each group of job ids it is given. */
function startConsumer(apply: (jobIds: readonly string[]) => void = () => undefined) {
  const applied: string[][] = []
  const errors: unknown[] = []
  const consumer = startReportConsumer({
    redis: new Redis(server.urls.web),
    consumer: newJobId(),
    async apply(reports) {
      const jobIds = reports.map(({ jobId }) => jobId)
      applied.push(jobIds)
      apply(jobIds)
    },
    onLoss: async () => undefined,
    onError: (error) => errors.push(error),
  })
  onTestFinished(() => consumer.stop())
  return { applied, errors, stop: consumer.stop }
}

/** A consumer that is given everything there is and dies, `agoMs` ago. */
async function takeAndDie(agoMs: number): Promise<void> {
  await redis.xreadgroup('GROUP', 'web', 'dead', 'COUNT', 100, 'STREAMS', 'reports', '>')
  const pending = await redis.xpending('reports', 'web', '-', '+', 100)
  const ids = pending.map((entry) => String(Array.isArray(entry) ? entry[0] : entry))
  await redis.xclaim('reports', 'web', 'dead', 0, ...ids, 'IDLE', agoMs)
}

/** Nothing lies in the stream, and nobody owes an acknowledgement. */
async function nothingLeft(): Promise<void> {
  await expect.poll(() => redis.xlen('reports'), { timeout: 15_000 }).toBe(0)
  expect(await redis.xpending('reports', 'web')).toEqual([0, null, null, null])
}

test('what a dead consumer took and did not acknowledge is taken over', async () => {
  const jobIds = [await push(), await push()]
  await takeAndDie(10_001)

  const { applied, errors } = startConsumer()

  await nothingLeft()
  expect(applied).toEqual([jobIds])
  expect(errors).toEqual([])
})

test('what a consumer has only just taken is left to it, while new reports are applied', async () => {
  await push()
  await takeAndDie(1_000)
  const later = await push()

  const { applied } = startConsumer()

  await expect.poll(() => redis.xlen('reports')).toBe(1)
  expect(applied).toEqual([[later]])
  expect(await redis.xpending('reports', 'web')).toMatchObject([1, {}, {}, [['dead', '1']]])
})

test('reports that could not be applied stay and are tried again at once', async () => {
  const first = await push()
  let failures = 1

  const { applied, errors } = startConsumer((jobIds) => {
    if (jobIds.includes(first) && failures-- > 0) throw new Error('the database is away')
  })

  await nothingLeft()
  expect(applied).toEqual([[first], [first]])
  expect(errors).toHaveLength(1)
})

test('reports that cannot be applied again hold up nobody', async () => {
  const first = await push()
  let failures = 2

  const { applied, errors } = startConsumer((jobIds) => {
    if (jobIds.includes(first) && failures-- > 0) throw new Error('the database is away')
  })
  await expect.poll(() => errors.length).toBe(2)
  const second = await push()

  await nothingLeft()
  expect(applied).toEqual([[first], [first], [second], [first]])
  expect(errors).toHaveLength(2)
})

test('a report that nobody can read is dropped, and those beside it are applied', async () => {
  await redis.xadd('reports', '*', 'report', 'not JSON')
  await redis.xadd('reports', '*', 'other', '{}')
  const jobId = await push()

  const { applied } = startConsumer()

  await nothingLeft()
  expect(applied.flat()).toEqual([jobId])
})

test.each([
  { seq: 2 ** 31 },
  { attempt: 2 ** 31 },
  { billed: 2 ** 31 },
  { nextTry: Number.MAX_SAFE_INTEGER },
  { nextTry: -1 },
])('a report with a number that the database does not take is dropped: %j', async (changes) => {
  const spoilt = JSON.stringify({ ...reportOf(newJobId()), ...changes })
  await redis.xadd('reports', '*', 'report', spoilt)
  const jobId = await push()

  const { applied } = startConsumer()

  await nothingLeft()
  expect(applied.flat()).toEqual([jobId])
})

test('a consumer that is stopped leaves what comes then to the next', async () => {
  const one = startConsumer()
  await one.stop()
  const jobId = await push()

  const next = startConsumer()

  await nothingLeft()
  expect([one.applied, next.applied]).toEqual([[], [[jobId]]])
})
