import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  checkOutPreviousRelease,
  hasPreviousRelease,
  type OldCheckout,
} from '../support/previous-release.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'
import { waitForAnswer, walkToWaiting, withoutDocuments } from '../support/walk.ts'

// While a release goes out, processes of two releases serve the same people, on a database that is migrated already.
describe.skipIf(!hasPreviousRelease())(
  'beside the previous release, which needs its history',
  () => {
    let stack: Awaited<ReturnType<typeof startTestStack>>
    let old: OldCheckout
    beforeAll(async () => {
      stack = await startTestStack()
      old = await checkOutPreviousRelease()
    })
    afterAll(async () => {
      await stack.stop()
      await old.remove()
    })

    async function start(
      service: 'web' | 'worker',
      release: 'this' | 'previous',
    ): Promise<RunningService> {
      const settings = service === 'web' ? withoutDocuments : {}
      const running =
        release === 'this'
          ? await startService(service, stack, { settings })
          : await startService(service, withOldSettings(), { settings, checkout: old.root })
      onTestFinished(async () => {
        await running.stop()
      })
      return running
    }

    const withOldSettings = () => ({
      ...stack,
      environmentFor: (service: 'web' | 'worker' | 'ops') =>
        stack.environmentFor(service, old.known(stack.settingsFor(service))),
    })

    test.each([
      { web: 'previous', worker: 'this' },
      { web: 'this', worker: 'previous' },
    ] as const)('a person is verified by $web web and $worker worker', async (releases) => {
      const [web, worker] = await Promise.all([
        start('web', releases.web),
        start('worker', releases.worker),
      ])

      const { person } = await walkToWaiting(web.url)
      const answer = await waitForAnswer(person)
      const phone = await person.get('/verify/phone')
      await person.submit(phone, '/verify/phone', { phone: '703-555-0142' })
      const second = await waitForAnswer(person)

      expect(answer.heading).toBe('Your details match')
      expect(second.path).toBe('/verify/result')
      expect(worker.logged('job.done')).toHaveLength(2)
      expect(web.logged('request.failed')).toEqual([])
      expect(web.logged('reports.unread')).toEqual([])
    })

    test('a job that the previous worker does not know waits for one that does', async () => {
      const db = new pg.Client({ connectionString: stack.adminUrl })
      await db.connect()
      onTestFinished(() => db.end())
      const [web, worker] = await Promise.all([start('web', 'this'), start('worker', 'previous')])
      await db.query(`select graphile_worker.add_job('a-job-of-tomorrow', '{}')`)

      const { person } = await walkToWaiting(web.url)
      await waitForAnswer(person)
      const { rows } = await db.query(
        `select attempts, locked_at, last_error from graphile_worker.jobs where task_identifier = 'a-job-of-tomorrow'`,
      )

      expect(worker.logged('job.done')).toHaveLength(1)
      expect(rows).toEqual([{ attempts: 0, locked_at: null, last_error: null }])
    })
  },
)
