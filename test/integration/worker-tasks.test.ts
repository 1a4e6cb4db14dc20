import { newJobId } from '@anteroom/job-channel'
import { jobs } from '@anteroom/job-contracts'
import { VendorError } from '@anteroom/vendor-clients'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLedger } from '../../apps/worker/src/ledger/ledger.ts'
import type { Vendors } from '../../apps/worker/src/vendors.ts'
import { samplePayloads } from '../support/payloads.ts'
import { friendlyVendors, startTestWorker, type TestWorker } from '../support/worker.ts'

let worker: TestWorker
beforeAll(async () => {
  worker = await startTestWorker()
})
afterAll(() => worker.stop())
beforeEach(async () => {
  await worker.redis.flushall()
  worker.logLines.length = 0
})

const payload = samplePayloads.resolutionProofing
const submit = () => worker.enqueue(jobs.resolutionProofing, payload)

function resolutionVendor(check: Vendors['resolution']['client']['check']): Vendors {
  return { ...friendlyVendors, resolution: { client: { check }, timeoutMs: 1_000 } }
}

const failing = (code: VendorError['code']) =>
  resolutionVendor(async () => {
    throw new VendorError(code)
  })

async function queueRows(): Promise<number> {
  const { rows } = await worker.database
    .pool('admin')
    .query<{ count: number }>(
      'select count(*)::integer as count from graphile_worker._private_jobs',
    )
  return rows[0]?.count ?? 0
}

async function setLedger(jobId: string, assignment: string): Promise<void> {
  await worker.database
    .pool('admin')
    .query(`update worker.ledger set ${assignment} where job_id = $1`, [jobId])
}

async function recordedReply(
  jobId: string,
  vendor = 'resolution',
): Promise<string | null | undefined> {
  const { rows } = await worker.database
    .pool('worker')
    .query<{ reply: string | null }>(
      'select reply from worker.vendor_calls where job_id = $1 and vendor = $2',
      [jobId, vendor],
    )
  return rows[0]?.reply
}

const logged = (event: string) =>
  worker.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === event)

test('a job that two slots hold at once is begun by both, and only the second may end it', async () => {
  const ledger = createLedger(worker.database.pool('worker'))
  const enqueuedAt = Date.now()
  const times = { enqueuedAt, deadlineAt: enqueuedAt + 60_000 }
  const id = newJobId()
  const wire = { v: 1, id, job: 'twice', traceparent: '', clear: {}, sealed: '', ...times } as const
  // The first one departs alone, so that the two ride together.
  const alone = ledger.begin({ ...wire, id: newJobId() }, [])

  const both = await Promise.all([ledger.begin(wire, []), ledger.begin(wire, []), alone])

  const settled = await Promise.all(
    both.slice(0, 2).map(async (begun) => {
      if (begun.state !== 'running') return undefined
      const ending = { state: 'done', sealed: 'x' } as const
      const { attempt } = begun
      return ledger.settle({ attempt, ending, outcomeSeconds: 60, answered: [] })
    }),
  )
  expect(settled.map((one) => one !== undefined)).toEqual([false, true])
})

describe('a job that goes well', () => {
  test('ends in one sealed outcome, one report, and an empty queue', async () => {
    const id = await submit()

    await worker.runDue()

    expect(await worker.openResult('resolution-proofing', id)).toEqual({
      verified: true,
      references: { resolution: 'ref', stateId: 'ref' },
    })
    expect(await worker.reports()).toEqual([
      expect.objectContaining({ jobId: id, seq: 1, state: 'done', attempt: 1, billed: 2 }),
    ])
    expect(await queueRows()).toBe(0)
    expect(await worker.redis.ttl(`outcome:${id}`)).toBeGreaterThan(55)
  })

  test('says how long it waited and how long it ran, and which attempt it was', async () => {
    const id = await submit()

    await worker.runDue()

    expect(logged('job.done')).toEqual([
      expect.objectContaining({
        jobId: id,
        job: 'resolution-proofing',
        attempt: 1,
        outcome: 'done',
        queueDelayMs: expect.any(Number),
        durationMs: expect.any(Number),
        traceId: 'a'.repeat(32),
      }),
    ])
  })

  test('asks every vendor with the job id as idempotency key, in the trace of the form', async () => {
    const seen: unknown[] = []
    const id = await submit()

    await worker.runDue(
      resolutionVendor(async (_applicant, { idempotencyKey, traceparent }) => {
        seen.push(idempotencyKey, traceparent.split('-')[1])
        return { match: true, reference: 'r' }
      }),
    )

    expect(seen).toEqual([id, 'a'.repeat(32)])
  })

  test('asks no state about a person who has no card of a state', async () => {
    const { stateIdNumber: _number, stateIdJurisdiction: _state, ...holder } = payload
    const id = await worker.enqueue(jobs.resolutionProofing, holder)
    let asked = 0
    const check = async () => {
      asked += 1
      return { match: false, reference: 's' }
    }

    await worker.runDue({ ...friendlyVendors, stateId: { client: { check }, timeoutMs: 1_000 } })

    expect(asked).toBe(0)
    expect(await worker.openResult('resolution-proofing', id)).toEqual({
      verified: true,
      references: { resolution: 'ref' },
    })
    expect(await worker.reports()).toEqual([expect.objectContaining({ jobId: id, billed: 1 })])
  })

  test('is not packed with half a card', async () => {
    const { stateIdNumber: _number, ...half } = payload

    await expect(worker.enqueue(jobs.resolutionProofing, half)).rejects.toThrow()
  })

  test('keeps nothing sealed in the ledger once it is pushed', async () => {
    const id = await submit()

    await worker.runDue()

    await expect
      .poll(async () => {
        const { rows } = await worker.database
          .pool('worker')
          .query(
            'select outcome, pushed_at is not null as pushed from worker.ledger where job_id = $1',
            [id],
          )
        return rows[0]
      })
      .toEqual({ outcome: null, pushed: true })
  })
})

describe('a job that cannot go well', () => {
  test.each([
    ['VENDOR_TIMEOUT', 'vendor-unavailable'],
    ['VENDOR_UNAVAILABLE', 'vendor-unavailable'],
    ['VENDOR_BUSY', 'vendor-unavailable'],
    ['VENDOR_REPLY_INVALID', 'vendor-unavailable'],
    ['PROXY_UNAVAILABLE', 'vendor-unavailable'],
    ['PROXY_REFUSED', 'vendor-unavailable'],
    ['VENDOR_REFUSED', 'rejected-input'],
    ['CALL_ABORTED', 'internal'],
  ] as const)('ends by %s in the reason %s, at once and in no retry', async (code, reason) => {
    const id = await submit()

    await worker.runDue(failing(code))

    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason })
    expect(logged('job.failed')).toEqual([
      expect.objectContaining({ code, outcome: reason, vendor: 'resolution' }),
    ])
    expect(await queueRows()).toBe(0)
  })

  test('ends in `internal` when our own code throws, and says only a code', async () => {
    const id = await submit()

    await worker.runDue(
      resolutionVendor(async () => {
        throw new Error(`cannot read ${payload.lastName}`)
      }),
    )

    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'internal' })
    expect(worker.logLines.join()).not.toContain(payload.lastName)
  })

  test('counts what was answered before it failed', async () => {
    const id = await submit()
    const answeredFirst: Vendors['stateId'] = {
      timeoutMs: 1_000,
      client: { check: async () => ({ match: true, reference: 's' }) },
    }
    const failsAfterThat = resolutionVendor(async () => {
      await expect.poll(() => recordedReply(id, 'state-id')).toMatch(/^ey/)
      throw new VendorError('VENDOR_UNAVAILABLE')
    })

    await worker.runDue({ ...failsAfterThat, stateId: answeredFirst })

    expect(await worker.reports()).toEqual([
      expect.objectContaining({ jobId: id, state: 'failed', billed: 1 }),
    ])
  })

  test('calls the other vendor off, and counts nothing that nobody answered', async () => {
    let calledOff = false
    const id = await submit()

    await worker.runDue({
      ...failing('VENDOR_UNAVAILABLE'),
      stateId: {
        timeoutMs: 1_000,
        client: {
          check: (_applicant, { signal }) =>
            new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => {
                calledOff = true
                reject(new VendorError('CALL_ABORTED'))
              })
            }),
        },
      },
    })

    expect(calledOff).toBe(true)
    expect(await worker.reports()).toEqual([
      expect.objectContaining({ jobId: id, state: 'failed', billed: 0 }),
    ])
  })

  test('is not begun after its deadline, and no vendor is asked', async () => {
    const id = await submit()
    await worker.database.pool('admin').query(
      `update graphile_worker._private_jobs
         set payload = (payload::jsonb || jsonb_build_object('deadlineAt', (extract(epoch from now()) * 1000)::bigint + 1500))::json
         where key = $1`,
      [id],
    )
    let asked = 0

    await worker.runDue(
      resolutionVendor(async () => {
        asked += 1
        return { match: true, reference: 'r' }
      }),
    )

    expect(asked).toBe(0)
    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'timed-out' })
  })

  test('stops its vendors and is silent before its deadline', async () => {
    const id = await submit()
    await worker.database.pool('admin').query(
      `update graphile_worker._private_jobs
         set payload = (payload::jsonb || jsonb_build_object('deadlineAt', (extract(epoch from now()) * 1000)::bigint + 2500))::json
         where key = $1`,
      [id],
    )

    await worker.runDue(
      resolutionVendor(
        (_applicant, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new VendorError('CALL_ABORTED')))
          }),
      ),
    )

    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'timed-out' })
    expect(logged('job.failed')).toEqual([expect.objectContaining({ code: 'JOB_TIMED_OUT' })])
  })
})

describe('a row that is not what it should be', () => {
  const row = (changes: object) => ({
    v: 1,
    id: 'x'.repeat(43),
    job: 'resolution-proofing',
    traceparent: '',
    enqueuedAt: Date.now(),
    deadlineAt: Date.now() + 60_000,
    clear: { attemptId: payload.attemptId },
    sealed: 'a.b.c.d.e',
    ...changes,
  })

  test.each([
    ['a version that never was', { v: 0, id: 'v'.repeat(43) }],
    ['a newer version, past its deadline', { v: 99, deadlineAt: 1, id: 'p'.repeat(43) }],
    ['missing times', { deadlineAt: undefined, id: 't'.repeat(43) }],
    ['a message that does not open', { id: 'm'.repeat(43) }],
    ['the name of another job', { job: 'address-proofing', id: 'n'.repeat(43) }],
  ])('with %s ends in a failed outcome and one line', async (_what, changes) => {
    await worker.enqueueRaw('resolution-proofing', row(changes))

    await worker.runDue()

    expect(await worker.outcomeOf(changes.id)).toEqual({ state: 'failed', reason: 'unreadable' })
    expect(logged('job.failed')).toHaveLength(1)
    expect(await queueRows()).toBe(0)
  })

  test.each([[null], ['text'], [[1, 2]], [{}], [{ id: 7 }], [{ id: 'short' }]])(
    'that names no job at all is dropped with one line: %j',
    async (raw) => {
      await worker.enqueueRaw('resolution-proofing', raw)

      await worker.runDue()

      expect(logged('job.dropped')).toHaveLength(1)
      expect(await queueRows()).toBe(0)
    },
  )
})

describe('a row that only a newer worker can read', () => {
  test('is left in the queue until one comes, and then answered', async () => {
    const id = await submit()
    const setVersion = (version: number) =>
      worker.database.pool('admin').query(
        `update graphile_worker._private_jobs
         set payload = payload::jsonb || jsonb_build_object('v', $1::integer), run_at = now()`,
        [version],
      )
    await setVersion(2)

    await worker.runDue()

    expect(await worker.outcomeOf(id)).toBeUndefined()
    expect(await queueRows()).toBe(1)
    expect(logged('job.left-for-newer')).toMatchObject([{ jobId: id, job: 'resolution-proofing' }])

    await setVersion(1)
    await worker.runDue()

    expect(await worker.outcomeOf(id)).toMatchObject({ state: 'done' })
    expect(await queueRows()).toBe(0)
  })
})

describe('a vendor', () => {
  test('that has answered is not asked again after a crash: its answer stands in the ledger, sealed', async () => {
    const id = await submit()
    let asked = 0
    const vendors = resolutionVendor(async () => {
      asked += 1
      return { match: true, reference: 'first-answer' }
    })
    const dying: Vendors = {
      ...vendors,
      stateId: {
        timeoutMs: 1_000,
        client: {
          async check() {
            await expect.poll(() => recordedReply(id)).toMatch(/^ey/)
            await setLedger(id, 'token = token + 1000')
            return { match: true, reference: 's' }
          },
        },
      },
    }

    await worker.runDue(dying)
    await worker.database
      .pool('admin')
      .query('update graphile_worker._private_jobs set run_at = now(), attempts = 1')
    await worker.runDue(vendors)

    expect(asked).toBe(1)
    expect(await worker.openResult('resolution-proofing', id)).toMatchObject({
      references: { resolution: 'first-answer' },
    })
    expect(await worker.reports()).toEqual([expect.objectContaining({ state: 'done', billed: 2 })])
    await expect.poll(() => recordedReply(id)).toBeNull()
  })
})

describe('a job that was begun before', () => {
  test('and settled but not pushed is pushed, and no vendor is asked again', async () => {
    const id = await submit()
    await worker.runDue()
    const first = await worker.outcomeOf(id)
    if (first?.state !== 'done') return expect.unreachable()
    await expect
      .poll(() =>
        worker.database
          .pool('worker')
          .query('select 1 from worker.ledger where job_id = $1 and pushed_at is not null', [id])
          .then(({ rowCount }) => rowCount),
      )
      .toBe(1)
    await worker.database
      .pool('admin')
      .query(`update worker.ledger set outcome = $2, pushed_at = null where job_id = $1`, [
        id,
        first.sealed,
      ])
    await worker.redis.flushall()
    await worker.enqueueRaw('resolution-proofing', {
      v: 1,
      id,
      job: 'resolution-proofing',
      traceparent: '',
      enqueuedAt: Date.now(),
      deadlineAt: Date.now() + 60_000,
      clear: {},
      sealed: '',
    })

    await worker.runDue(failing('VENDOR_UNAVAILABLE'))

    expect(await worker.outcomeOf(id)).toEqual(first)
  })

  test('by a worker that has lost it says nothing and leaves the row to the other', async () => {
    const id = await submit()

    await worker.runDue(
      resolutionVendor(async () => {
        await setLedger(id, `token = token + 1000`)
        return { match: true, reference: 'r' }
      }),
    )

    expect(await worker.outcomeOf(id)).toBeUndefined()
    expect(await worker.reports()).toEqual([])
    expect(await queueRows()).toBe(1)
    await worker.database.pool('admin').query('delete from graphile_worker._private_jobs')
  })

  test('and whose worker died three times is given up', async () => {
    const id = await submit()
    const wire = { job: 'resolution-proofing', id }
    await worker.database.pool('admin').query(
      `insert into worker.ledger (job_id, job, state, attempt, starts, token, enqueued_at, deadline_at)
       values ($1, $2, 'running', 1, 3, 1, now(), now() + interval '60 seconds')`,
      [wire.id, wire.job],
    )

    await worker.runDue()

    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'internal' })
    expect(logged('job.failed')).toEqual([expect.objectContaining({ code: 'JOB_POISONOUS' })])
  })

  test('and is handed back at a shutdown starts again, at no cost of an attempt, and asks nobody twice who has answered', async () => {
    const id = await submit()
    let askedStateId = 0
    const shutdown = new AbortController()
    const stateId = {
      timeoutMs: 1_000,
      client: {
        async check() {
          askedStateId += 1
          return { match: true, reference: 's' }
        },
      },
    }
    const resolution = resolutionVendor(async (_applicant, { signal }) => {
      if (shutdown.signal.aborted) return { match: true, reference: 'later' }
      await expect.poll(() => recordedReply(id, 'state-id')).toMatch(/^ey/)
      shutdown.abort()
      signal.throwIfAborted()
      return expect.unreachable()
    })

    await worker.runDue({ ...resolution, stateId }, shutdown.signal)

    expect(askedStateId).toBe(1)
    expect(await worker.openResult('resolution-proofing', id)).toMatchObject({ verified: true })
    expect(await worker.reports()).toEqual([
      expect.objectContaining({ state: 'waiting', seq: 1 }),
      expect.objectContaining({ state: 'done', seq: 2, attempt: 1 }),
    ])
  })
})

test('report-again pushes once more what was settled since', async () => {
  const id = await submit()
  await worker.runDue()
  await worker.redis.flushall()

  const again = await worker.enqueue(jobs.reportAgain, {
    since: new Date(Date.now() - 60_000).toISOString(),
  })
  await worker.runDue()

  const reported = await worker.reports()
  expect(reported.some(({ jobId, state }) => jobId === id && state === 'done')).toBe(true)
  expect(await worker.openResult('report-again', again)).toEqual({ reported: reported.length - 1 })
})
