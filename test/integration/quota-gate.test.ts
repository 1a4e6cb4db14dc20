import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { eachLine } from '@anteroom/infra/local/processes.ts'
import { type LocalRedis, startRedis } from '@anteroom/infra/local/redis.ts'
import { readQuota, startedOf } from '@anteroom/job-channel'
import { createLog, createMetrics } from '@anteroom/runtime'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createGate, type Gate } from '../../apps/worker/src/quota/gate.ts'
import { createQuotaScripts, type QuotaScripts } from '../../apps/worker/src/quota/scripts.ts'
import { cacheDirectory, root } from '../support/root.ts'

let server: LocalRedis
let admin: Redis
beforeAll(async () => {
  const passwords = { web: 'web', worker: 'worker', ops: 'ops', admin: 'admin' }
  server = await startRedis({ port: 0, cacheDirectory, passwords })
  admin = new Redis(server.urls.admin)
})
afterAll(async () => {
  admin.disconnect()
  await server.stop()
})
beforeEach(() => admin.flushall())

const log = createLog({ service: 'worker', level: 'error' })
const { signal } = new AbortController()

interface Worker {
  readonly gate: Gate
  readonly scripts: QuotaScripts
}

/** A worker's gate on a connection of its own. */
function startWorker(slackMs: number): Worker {
  const redis = new Redis(server.urls.worker)
  onTestFinished(() => redis.disconnect())
  const scripts = createQuotaScripts(redis, 'registry')
  const metrics = createMetrics('worker')
  const gate = createGate({ vendor: 'registry', scripts, slackMs, now: Date.now, log, metrics })
  return { gate, scripts }
}

let revision = 0
async function setQuota(
  { scripts }: Pick<Worker, 'scripts'>,
  { calls = 10, windowSeconds = 1, stopped = false },
): Promise<void> {
  revision += 1
  await scripts.publish({ revision, calls, windowSeconds, stopped }, false)
}

/** As if the last moment was given away long ago. */
const longAgo = () => admin.hset('quota:registry', 'last', '0')

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('the quota', () => {
  test('is never passed in any window, whatever happens', async () => {
    const slackMs = 80
    const windowMs = 1_000
    const workers = [1, 2, 3, 4].map(() => startWorker(slackMs))
    const [first] = workers
    if (!first) throw new Error('No worker')
    const reigns: Reign[] = []
    const reign = async (calls: number) => {
      // What was given away before may lie ahead as far as anything may.
      reigns.push({ calls, since: performance.now() })
      await setQuota(first, { calls })
    }
    await reign(40)
    await longAgo()
    const arrivals: number[] = []
    const end = performance.now() + 14_000

    await Promise.all([
      ...workers.flatMap((worker) =>
        times(12, () => callUntil(worker, end, { wayMs: slackMs, arrivals })),
      ),
      trouble(end, [
        () => reign(10),
        async () => {
          await admin.flushall()
          await setQuota(first, {})
        },
        () => first.scripts.pause(Date.now() + 400),
        () => reign(60),
        () => first.scripts.pause(Date.now() + 200),
      ]),
    ])

    expect(arrivals.length).toBeGreaterThan(100)
    expect(tooClose(arrivals, reigns, windowMs)).toEqual([])
  })

  test('is used to 98 of 100 and more while there is demand: 40 calls a second, window 20 s, slack 100 ms', async () => {
    const workers = [startWorker(100), startWorker(100)]
    const [first] = workers
    if (first) await setQuota(first, { calls: 800, windowSeconds: 20 })
    await longAgo()
    const arrivals: number[] = []
    const startedAt = performance.now()

    await Promise.all(
      workers.flatMap((worker) =>
        times(60, () => callUntil(worker, startedAt + 6_000, { wayMs: 0, arrivals })),
      ),
    )

    const sorted = arrivals.toSorted((a, b) => a - b)
    const tookMs = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0)
    expect((sorted.length - 1) / ((tookMs / 1_000) * 40)).toBeGreaterThan(0.98)
  })
})

test('processes of which one is killed keep to it, and the others go on using it', async () => {
  const worker = startWorker(100)
  await setQuota(worker, { calls: 30 })
  await longAgo()
  const calls: number[][] = [[], [], []]
  const processes = calls.map((left) => startCaller(left))
  await expect.poll(() => calls.every(({ length }) => length > 15), { timeout: 30_000 }).toBe(true)

  const ended = once(processes[0] ?? process, 'exit')
  processes[0]?.kill('SIGKILL')
  await ended
  const killedAt = performance.timeOrigin + performance.now()
  await pause(6_000)

  const all = calls.flat()
  expect(tooClose(all, [{ calls: 30, since: 0 }], 1_000)).toEqual([])
  // What the killed one had in hand is lost; after that all of it goes to the others.
  const after = all.filter((at) => at > killedAt + 3_000 && at < killedAt + 5_500)
  expect(after.length).toBeGreaterThan(0.9 * 2.5 * 27)
})

/** Puts down when each of its calls left. */
function startCaller(left: number[]): ChildProcess {
  const file = join(root, 'test/support/quota-caller.ts')
  const child = spawn(process.execPath, [file, server.urls.worker, '100'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  eachLine(child.stdout, (line) => left.push(Number(line)))
  return child
}

interface Reign {
  readonly calls: number
  readonly since: number
}

interface Calling {
  /** How much longer some calls are on their way than others; half of it at most. 0: nothing goes wrong. */
  readonly wayMs: number
  readonly arrivals: number[]
}

/** Calls one after the other; now and then one dies on the way, or is slow to begin. */
async function callUntil({ gate }: Worker, end: number, { wayMs, arrivals }: Calling) {
  while (performance.now() < end) {
    const turn = gate.turnFor(crypto.randomUUID())
    const wait = await turn.approach(signal)
    if (wait !== undefined) {
      await pause(Math.min(wait, 200))
      continue
    }
    if (wayMs > 0 && Math.random() < 0.1) continue
    if (wayMs > 0) await pause(Math.random() * 320)
    const hasTurn = await turn.take(signal).then(
      () => true,
      () => false,
    )
    if (hasTurn) arrivals.push(performance.now() + (Math.random() * wayMs) / 2)
  }
}

async function trouble(end: number, kinds: readonly (() => Promise<unknown>)[]) {
  const everyMs = (end - performance.now()) / (kinds.length + 1)
  for (const kind of kinds) {
    await pause(everyMs)
    await kind()
  }
}

/** Stretches shorter than the window in which more arrived than any quota allowed that was in force there. */
function tooClose(arrivals: readonly number[], reigns: readonly Reign[], windowMs: number) {
  const sorted = arrivals.toSorted((a, b) => a - b)
  const allowed = (from: number, to: number) =>
    Math.max(
      ...reigns
        .filter(({ since }, index) => {
          const over = (reigns[index + 1]?.since ?? Number.POSITIVE_INFINITY) + 2_700
          return since <= to && from <= over
        })
        .map(({ calls }) => calls),
    )
  return sorted.flatMap((from, index) => {
    const to = sorted.findLastIndex((at) => at < from + windowMs)
    const count = to - index + 1
    return count > allowed(from, from + windowMs) ? [{ from, count }] : []
  })
}

function times<Made>(count: number, make: () => Made): Made[] {
  return Array.from({ length: count }, make)
}

test('moments are given in the order of asking, and evenly', async () => {
  const workers = [startWorker(20), startWorker(20)]
  const [first, second] = workers
  if (!first || !second) throw new Error('No workers')
  await setQuota(first, {})
  await longAgo()

  const moments: number[] = []
  for (let index = 0; index < 10; index += 1) {
    const { scripts } = index % 3 === 0 ? first : second
    const answer = await scripts.reserve(Date.now(), 20)
    moments.push(answer.ms)
  }

  const gaps = moments.slice(1).map((at, index) => Math.round(at - (moments[index] ?? 0)))
  expect(gaps).toEqual(Array(9).fill(102))
})

test('who would have to wait too long gets no moment, and takes none away', async () => {
  const { scripts } = startWorker(20)
  await setQuota({ scripts }, { calls: 1, windowSeconds: 2 })
  await longAgo()
  await scripts.reserve(Date.now(), 20)
  await scripts.reserve(Date.now(), 20)

  const answers = [await scripts.reserve(Date.now(), 20), await scripts.reserve(Date.now(), 20)]

  expect(answers.map(({ word }) => word)).toEqual(['later', 'later'])
  expect(Math.abs((answers[0]?.ms ?? 0) - (answers[1]?.ms ?? 0))).toBeLessThan(200)
})

test('a Redis that has lost everything lets nobody through until it is told the quota, and then only after what was given before', async () => {
  const worker = startWorker(20)
  await setQuota(worker, { calls: 100 })
  await longAgo()
  await worker.scripts.reserve(Date.now(), 20)

  await admin.flushall()
  const untold = await worker.scripts.reserve(Date.now(), 20)
  const lostAt = Date.now()
  await setQuota(worker, { calls: 100 })
  const atOnce = await worker.scripts.reserve(Date.now(), 20)
  await pause(300)
  const soon = await worker.scripts.reserve(Date.now(), 20)

  expect([untold.word, atOnce.word, soon.word]).toEqual(['unknown', 'later', 'moment'])
  expect(soon.ms - lostAt).toBeGreaterThan(2_480)
})

test('while a vendor is paused or stopped nobody has a turn, and everybody may read it', async () => {
  const worker = startWorker(20)
  await setQuota(worker, {})
  await longAgo()

  await worker.gate.turnFor('a').leaveAlone(30_000)
  const paused = await startWorker(20).gate.turnFor('b').approach(signal)
  const readPaused = await readQuota(admin, 'registry', Date.now())
  await setQuota(worker, { calls: 10, stopped: true })
  await admin.hdel('quota:registry', 'paused-until')
  const stopped = await startWorker(20).gate.turnFor('c').approach(signal)

  expect([paused, stopped]).toEqual([1_000, 1_000])
  expect(readPaused).toMatchObject({ callsPerSecond: 10, stopped: false })
  expect(readPaused?.pausedUntil).toBeGreaterThan(Date.now() + 25_000)
  expect(await startedOf(admin, 'registry', ['b', 'c'])).toEqual(new Set())
})

test('who waits for a moment has had no turn until shortly before it, and none if the vendor is stopped meanwhile', async () => {
  const worker = startWorker(20)
  await setQuota(worker, { calls: 1 })
  await longAgo()
  expect(await worker.gate.turnFor('a').approach(signal)).toBeUndefined()

  const approaching = worker.gate.turnFor('b').approach(signal)
  await pause(300)
  const whileWaiting = await startedOf(admin, 'registry', ['a', 'b'])
  await setQuota(startWorker(20), { calls: 1, stopped: true })

  expect(whileWaiting).toEqual(new Set(['a']))
  expect(await approaching).toBe(1_000)
  expect(await startedOf(admin, 'registry', ['a', 'b'])).toEqual(new Set(['a']))
})

test('who has begun and may not call any more is told so before the call', async () => {
  const worker = startWorker(20)
  await setQuota(worker, { calls: 2 })
  await longAgo()
  await worker.gate.turnFor('a').approach(signal)
  const turn = worker.gate.turnFor('b')
  await turn.approach(signal)

  await startWorker(20).gate.turnFor('a').leaveAlone(60_000)

  await expect(turn.take(signal)).rejects.toMatchObject({
    code: 'QUOTA_NO_TURN',
    askAgainMs: 1_000,
  })
})

test('who comes too late for a moment takes another', async () => {
  const worker = startWorker(20)
  await setQuota(worker, {})
  await longAgo()
  const turn = worker.gate.turnFor('a')
  await turn.approach(signal)
  const before = Number(await admin.hget('quota:registry', 'last'))

  await pause(400)
  await turn.take(signal)

  expect(Number(await admin.hget('quota:registry', 'last'))).toBeGreaterThan(before + 350)
})

test('a wait ends with the job', async () => {
  const worker = startWorker(20)
  await setQuota(worker, { calls: 1 })
  await longAgo()
  await worker.gate.turnFor('a').approach(signal)
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 100)
  const startedAt = performance.now()

  const approach = await worker.gate.turnFor('b').approach(stop.signal)
  const take = worker.gate.turnFor('c').take(stop.signal)

  expect(approach).toBe(0)
  await expect(take).rejects.toMatchObject({ code: 'CALL_ABORTED' })
  expect(performance.now() - startedAt).toBeLessThan(600)
})

test('an older command changes nothing, and a vendor’s pause outlives a new rate', async () => {
  const { scripts } = startWorker(20)
  const quota = { calls: 10, windowSeconds: 1, stopped: false }
  await scripts.publish({ ...quota, revision: 1_000_000 }, false)
  await scripts.pause(Date.now() + 60_000)

  await scripts.publish({ ...quota, calls: 99, revision: 999_999 }, false)
  await scripts.publish({ ...quota, calls: 20, revision: 1_000_001 }, false)
  const state = await readQuota(admin, 'registry', Date.now())
  await scripts.publish({ ...quota, calls: 20, revision: 1_000_002 }, true)
  const resumed = await readQuota(admin, 'registry', Date.now())

  expect(state).toMatchObject({ callsPerSecond: 20, pausedUntil: expect.any(Number) })
  expect(resumed).toEqual({ callsPerSecond: 20, stopped: false })
})
