import { Redis } from 'ioredis'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'
import { walkToWaiting, withoutDocuments } from '../support/walk.ts'

test('reports that were lost with Redis are asked for again: every reservation is settled or given back', async () => {
  const stack = await startTestStack()
  onTestFinished(() => stack.stop())
  const client = new pg.Client({ connectionString: stack.adminUrl })
  await client.connect()
  onTestFinished(() => client.end())
  const rows = async (text: string) => (await client.query(text)).rows
  const attempts = () => rows('select state, reason from web.attempts order by enqueued_at')
  const reserved = { state: 'reserved', reason: null }
  const web = await started(startService('web', stack, { settings: withoutDocuments }))
  await walkToWaiting(web.url)
  await walkToWaiting(web.url, { firstName: 'Fail' })
  // Nobody reads reports while they are lost.
  await web.kill()
  await started(startService('worker', stack))
  await expect
    .poll(
      () =>
        rows('select state from worker.ledger where pushed_at is not null order by enqueued_at'),
      { timeout: 10_000 },
    )
    .toEqual([{ state: 'done' }, { state: 'failed' }])

  const redis = new Redis(stack.redis.urls.admin)
  const lost = await redis.xlen('reports')
  await redis.flushall()
  redis.disconnect()
  const meanwhile = await attempts()
  const next = await started(startService('web', stack, { settings: withoutDocuments }))

  await expect.poll(attempts, { timeout: 10_000 }).toEqual([
    { state: 'done', reason: null },
    { state: 'failed', reason: 'vendor-unavailable' },
  ])
  expect(lost).toBe(2)
  expect(meanwhile).toEqual([reserved, reserved])
  expect(next.logged('reports.lost')).toHaveLength(1)
  expect(next.logged('reports.asked-again')).toHaveLength(1)
  // What counts against the person and against the number of the one whose check ended well.
  expect(
    await rows(
      `select job, count(*)::integer as uses from web.limit_uses join web.attempts on id = attempt_id
       where not lasting and state = 'done' group by job`,
    ),
  ).toEqual([{ job: 'resolution-proofing', uses: 2 }])
  expect(
    await rows(
      `select limit_key from web.limit_uses join web.attempts on id = attempt_id
       where not lasting and state = 'failed'`,
    ),
  ).toEqual([])
})

/** Stopped with the test, also if it was killed before. */
async function started(starting: Promise<RunningService>): Promise<RunningService> {
  const service = await starting
  onTestFinished(async () => {
    await service.stop()
  })
  return service
}
