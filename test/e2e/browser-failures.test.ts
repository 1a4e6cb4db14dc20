import pg from 'pg'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startTestSite, type TestSite, type Visit } from '../support/browser.ts'
import { storedSession } from '../support/browser-session.ts'
import {
  agree,
  headingOf,
  press,
  untilAt,
  walkToCheck,
  walkToResult,
  walkToWaiting,
} from '../support/browser-walk.ts'

let site: TestSite
beforeAll(async () => {
  site = await startTestSite({ web: { ANTEROOM_RESOLUTION_ATTEMPTS: '2' } })
})
afterAll(() => site.stop())

const unmatched = { ssn: '987-65-4321' }

describe('a form that is not right', () => {
  test('of consent says what is missing', async () => {
    const { page, inspect } = await site.open({ statuses: [422] })
    await page.goto('/verify/consent')

    await press(page, 'Continue')

    await inspect('consent-missing')
    expect(await summaryOf(page)).toHaveLength(1)
  })

  test('of details says so of every field that is missing or wrong, and keeps what was typed', async () => {
    const { page, inspect } = await site.open({ statuses: [422] })
    await agree(page)

    await press(page, 'Continue')
    await inspect('details-missing')
    const missing = await summaryOf(page)
    await page.locator('#firstName').fill('Averylongfirstname'.repeat(5))
    await page.locator('#birthMonth').selectOption('2')
    await page.locator('#birthDay').fill('30')
    await page.locator('#birthYear').fill('1986')
    await page.locator('#zipCode').fill('<b>1</b>')
    await page.locator('#ssn').fill('12')
    await press(page, 'Continue')
    await inspect('details-wrong')

    expect(missing).toHaveLength(12)
    expect(await summaryOf(page)).toContain('Enter a day that is in that month, such as 28')
    expect(await page.locator('#zipCode').inputValue()).toBe('<b>1</b>')
    expect(await page.locator('#birthMonth').inputValue()).toBe('2')
  })
})

describe('every end but the good one is told plainly, and leads to another way', () => {
  test.each([
    ['We could not verify you', unmatched],
    ['The record keepers did not answer', { firstName: 'Fail' }],
  ])('%s', async (heading, changes) => {
    const visit = await site.open()

    await walkToResult(visit.page, changes)

    await expectFailure(visit, heading)
  })

  test('You stopped the check', async () => {
    const visit = await site.open()
    const { pid } = site.system.worker
    await walkToCheck(visit.page)
    // A busy worker: the check is still in the queue when the person changes their mind. Not for long: it ends itself
    // when it has not proved for eight seconds that it is alive.
    process.kill(pid, 'SIGSTOP')
    onTestFinished(() => {
      process.kill(pid, 'SIGCONT')
    })
    await press(visit.page, 'Send and check')

    await press(visit.page, 'Stop this check')
    process.kill(pid, 'SIGCONT')

    await expectFailure(visit, 'You stopped the check')
  })

  test('The check took too long: at the deadline the page goes on without an answer', async () => {
    const visit = await site.open()
    await walkToWaiting(visit.page, { firstName: 'Slow 9' })
    const session = await storedSession(site.system, visit)

    await session.setDeadline(300)
    await untilAt(visit.page, '/verify/result')

    await expectFailure(visit, 'The check took too long')
  })

  test.each([
    ['Something went wrong on our side', 'internal'],
    ['We could not use your answers', 'rejected-input'],
  ] as const)('%s', async (heading, reason) => {
    const visit = await site.open()
    await walkToWaiting(visit.page, { firstName: 'Slow 9' })
    const session = await storedSession(site.system, visit)

    await session.push({ state: 'failed', reason })
    await untilAt(visit.page, '/verify/result')

    await expectFailure(visit, heading)
  })

  test('The answer is no longer here', async () => {
    const visit = await site.open({ unreachable: ['/verify/status', '/verify/events'] })
    await walkToWaiting(visit.page, { firstName: 'Slow 3' })
    const session = await storedSession(site.system, visit)
    await expect.poll(lastAttempt, { timeout: 15_000 }).toBe('done')

    await session.forgetOutcome()
    await session.setDeadline(-1)
    await visit.page.goto('/verify/wait')

    await expectFailure(visit, 'The answer is no longer here')
  })

  test('You have tried too many times', async () => {
    const visit = await site.open()
    await walkToResult(visit.page, unmatched)

    await sendAgain(visit.page)
    await untilAt(visit.page, '/verify/result')
    await visit.inspect('no-tries-left')
    await sendAgain(visit.page)

    const time = await visit.page.locator('time').textContent()
    expect(time).toMatch(/^[A-Z][a-z]+ \d+.* \d+:\d\d\s[AP]M/)
    await expectFailure(visit, 'You have tried too many times')
  })

  test('We could not verify your phone number', async () => {
    const visit = await site.open({ statuses: [422] })
    const { page, inspect } = visit
    await walkToResult(page)
    await press(page, 'Continue')

    await press(page, 'Send and check')
    await inspect('phone-missing')
    await page.locator('#phone').fill('12')
    await press(page, 'Send and check')
    await inspect('phone-wrong')
    await page.locator('#phone').fill('703-555-5777')
    await press(page, 'Send and check')
    await untilAt(page, '/verify/result')

    await expectFailure(visit, 'We could not verify your phone number')
  })
})

async function expectFailure({ page, inspect, visited }: Visit, heading: string): Promise<void> {
  expect(await headingOf(page)).toBe(heading)
  expect(visited.at(-1)).toBe('/verify/result')
  await inspect(heading.toLowerCase().replaceAll(' ', '-'))
  await press(page, 'See other ways to prove who you are')
  await untilAt(page, '/other-ways')
}

function summaryOf(page: Page): Promise<string[]> {
  return page.getByRole('alert').getByRole('link').allTextContents()
}

async function sendAgain(page: Page): Promise<void> {
  await press(page, 'Change your details')
  await press(page, 'Continue')
  await press(page, 'Send and check')
}

async function lastAttempt(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: site.system.stack.adminUrl })
  await client.connect()
  const { rows } = await client.query<{ state: string }>(
    'select state from web.attempts order by enqueued_at desc limit 1',
  )
  await client.end()
  return rows[0]?.state
}
