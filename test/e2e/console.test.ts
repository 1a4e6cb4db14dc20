import { randomBytes } from 'node:crypto'
import { actOnJob } from '@anteroom/operations'
import pg from 'pg'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser, openVisit, type Visit } from '../support/browser.ts'
import { consolePassword, consoleSettings } from '../support/console.ts'
import { enterJob, newId, putDeadLetter, putJob } from '../support/queued-jobs.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let worker: RunningService
let browser: Browser
let admin: pg.Pool
beforeAll(async () => {
  stack = await startTestStack()
  const settings = await consoleSettings(stack)
  worker = await startService('worker', stack, { settings })
  browser = await launchBrowser()
  admin = new pg.Pool({ connectionString: stack.adminUrl, max: 4 })
  admin.on('error', () => undefined)
})
afterAll(async () => {
  await browser.close()
  await admin.end()
  await worker.stop()
  await stack.stop()
})
beforeEach(async () => {
  await admin.query(
    `truncate ops.audit, ops.console_guesses, worker.ledger, worker.vendor_calls, worker.dead_letters, web.security_events;
     delete from graphile_worker._private_jobs`,
  )
})

/** Ada, at the console. It needs no scripts, and has none. */
async function signedIn(options: { readonly javaScript?: boolean } = {}): Promise<Visit> {
  const visit = await openVisit(browser, worker.internalUrl, { statuses: [403], ...options })
  const { page } = visit
  await page.goto('/console')
  await page.getByLabel('Name').fill('ada')
  await page.getByLabel('Password').fill(consolePassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Queues' }).waitFor()
  return visit
}

async function fill(): Promise<{ later: string; dead: string; done: string }> {
  const later = await putJob(admin, { inSeconds: 3_600 })
  await enterJob(admin, later, {
    state: 'waiting',
    reason: 'vendor-unavailable',
    code: 'VENDOR_TIMEOUT',
  })
  await admin.query(
    `insert into worker.vendor_calls (job_id, vendor, asked_at, answered_at)
     values ($1, 'resolution', now() - interval '2 s', now()), ($1, 'state-id', now() - interval '1 s', null)`,
    [later],
  )
  const done = newId()
  await enterJob(admin, done, { job: 'address-proofing', state: 'done' })
  const dead = await putDeadLetter(admin)
  await putDeadLetter(admin, { partner: 'archive' })
  for (const partner of ['library', 'archive']) {
    await admin.query(
      `insert into web.security_events (jti, txn, event, profile, happening, partner, subject, account_id, state, job_id, queued_at)
       values ($1, 'txn', 'password-reset', 'login-gov', '{}', $2, 'subject', 'account', 'queued', $3, now())`,
      [randomBytes(16).toString('hex'), partner, newId()],
    )
  }
  return { later, dead, done }
}

test('every page is readable by everyone, on a phone and on a wide screen', async () => {
  const { later, dead, done } = await fill()
  const visit = await openVisit(browser, worker.internalUrl, { statuses: [403, 404] })
  const { page } = visit
  await page.goto('/console/sign-in?why=ended')
  await visit.inspect('console-sign-in')
  await page.getByLabel('Name').fill('ada')
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  await visit.inspect('console-refused')
  await page.getByLabel('Name').fill('ada')
  await page.getByLabel('Password').fill(consolePassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Queues' }).waitFor()

  for (const [name, path] of [
    ['queues', '/console'],
    ['jobs', '/console/jobs?state=scheduled'],
    ['jobs-none', '/console/jobs?state=running'],
    ['jobs-wrong-id', '/console/jobs?id=wrong'],
    ['job', `/console/jobs/${later}?done=retry&answer=running`],
    ['job-done', `/console/jobs/${done}`],
    ['job-discard', `/console/jobs/${later}/discard`],
    ['job-unknown', `/console/jobs/${newId()}`],
    ['workers', '/console/workers'],
    ['dead', '/console/dead?partner=library&done=replay&count=3&left=1'],
    ['dead-replay', `/console/dead/replay?letter=${dead}`],
    ['line', '/console/line'],
    ['line-message', '/console/line/message?message=Back+at+noon'],
    ['partners', '/console/partners'],
    ['audit', '/console/audit'],
  ]) {
    await page.goto(`${path}`)
    await visit.inspect(`console-${name}`)
  }
})

test('an operator retries a job by keyboard, and a worker does it', async () => {
  const { later } = await fill()
  const { page } = await signedIn({ javaScript: false })

  await page.goto(`/console/jobs/${later}`)
  await page.getByRole('link', { name: 'Retry now' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Retry this job now?' }).waitFor()
  await page.getByRole('button', { name: 'Retry now' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('status').waitFor()
  const notice = await page.getByRole('status').textContent()
  await expect
    .poll(async () => {
      await page.getByRole('link', { name: 'Refresh' }).click()
      return page.locator('.facts').first().textContent()
    })
    .toContain('failed')

  expect(notice).toBe('In effect: it begins as soon as a worker has a place.')
  // It did not open, so its worker has said so: it was done, and not only let go.
  expect(await page.locator('.facts').first().textContent()).toContain('unreadable')
  expect(await page.getByRole('status').count()).toBe(0)
})

test('an operator chooses dead letters, reads what will be so, and discards them', async () => {
  const { dead } = await fill()
  const { page } = await signedIn()

  await page.getByRole('link', { name: 'Dead letters' }).click()
  await page.getByLabel(`Choose ${dead}`).check()
  await page.getByRole('button', { name: 'Discard the chosen' }).click()
  await page.getByRole('heading', { name: 'Discard these dead letters?' }).waitFor()
  await page.getByRole('button', { name: 'Discard' }).click()

  expect(await page.getByRole('status').textContent()).toBe('In effect: 1 thrown away.')
  await page.getByRole('link', { name: 'Audit' }).click()
  expect(await page.getByRole('row').nth(1).textContent()).toMatch(
    new RegExp(`ada\\s*dead discard\\s*.*${dead}`),
  )
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.goto('/console/audit')
  expect(new URL(page.url()).pathname).toBe('/console/sign-in')
})

test('a job that a worker takes while it is discarded ends once, as one of the two says', async () => {
  const ops = new pg.Pool({ connectionString: stack.addresses.databaseUrls.ops, max: 4 })
  const told = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const jobId = await putJob(admin)
      const { answer } = await actOnJob(ops, 'discard', { actor: 'ada', jobId })
      return { jobId, answer }
    }),
  )
  await ops.end()
  const endings = async () =>
    (
      await admin.query<{ job_id: string; code: string }>(
        `select job_id, code from worker.ledger where state = 'failed' and pushed_at is not null`,
      )
    ).rows
  await expect.poll(async () => (await endings()).length).toBe(told.length)

  const codes = new Map((await endings()).map((it) => [it.job_id, it.code]))
  const { rows: audited } = await admin.query<{ job: string }>(
    `select arguments ->> 'job' as job from ops.audit where command = 'job discard'`,
  )
  for (const { jobId, answer } of told) {
    expect(codes.get(jobId) === 'JOB_DISCARDED').toBe(answer === 'discarded')
  }
  expect(audited.map(({ job }) => job).sort()).toEqual(
    told
      .filter(({ answer }) => answer === 'discarded')
      .map(({ jobId }) => jobId)
      .sort(),
  )
})
