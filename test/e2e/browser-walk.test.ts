import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { startTestSite, type TestSite } from '../support/browser.ts'
import {
  fillDetails,
  headingOf,
  pathOf,
  press,
  tickConsent,
  untilAt,
  walkToWaiting,
} from '../support/browser-walk.ts'

let site: TestSite
beforeAll(async () => {
  site = await startTestSite()
})
afterAll(() => site.stop())

test('a person goes from the first page to being verified, and no page is hard to use for anyone', async () => {
  const { page, inspect, visited } = await site.open()

  await page.goto('/')
  await inspect('start')
  await press(page, 'Get started')
  await inspect('consent')
  await tickConsent(page)
  await press(page, 'Continue')
  await inspect('details')
  await fillDetails(page, applicant({ firstName: 'Slow 3', address2: 'Unit 5' }))
  await press(page, 'Continue')
  await inspect('check')
  await press(page, 'Send and check')
  await inspect('wait')
  await untilAt(page, '/verify/result')
  await inspect('details-match')
  await press(page, 'Continue')
  await inspect('phone')
  await page.locator('#phone').fill(phone)
  await press(page, 'Send and check')
  await inspect('wait-phone')
  await untilAt(page, '/verify/result')
  await inspect('verified')

  expect(await headingOf(page)).toBe('You are verified')
  expect(visited).toEqual([
    '/',
    '/verify/consent',
    '/verify/details',
    '/verify/check',
    '/verify/wait',
    '/verify/result',
    '/verify/phone',
    '/verify/wait',
    '/verify/result',
  ])
})

test('a person without scripts goes the same way by forms and “Check again” alone', async () => {
  const { page, inspect } = await site.open({ javaScript: false })

  await page.goto('/')
  await press(page, 'Get started')
  await tickConsent(page)
  await press(page, 'Continue')
  await fillDetails(page, applicant({ firstName: 'Slow 3' }))
  await inspect('details')
  await press(page, 'Continue')
  await inspect('check')
  await press(page, 'Send and check')
  await inspect('wait', refreshes)
  await checkAgainUntilAnswered(page)
  await press(page, 'Continue')
  await page.locator('#phone').fill(phone)
  await press(page, 'Send and check')
  await checkAgainUntilAnswered(page)

  expect(await headingOf(page)).toBe('You are verified')
})

test('a person without scripts who only waits gets the answer as well', async () => {
  const { page, visited } = await site.open({ javaScript: false })

  await walkToWaiting(page, { firstName: 'Slow 1' })
  const refresh = await page.locator('noscript meta[http-equiv="refresh"]').getAttribute('content')
  await untilAt(page, '/verify/result')

  expect(refresh).toBe('5')
  expect(visited.slice(-2)).toEqual(['/verify/wait', '/verify/result'])
  expect(await headingOf(page)).toBe('Your details match')
})

test('a person without scripts can keep the page from being loaded again and again', async () => {
  const { page } = await site.open({ javaScript: false })
  await walkToWaiting(page, { firstName: 'Slow 4' })

  await press(page, 'Stop looking by itself')
  const refreshes = await page.locator('meta[http-equiv="refresh"]').count()
  await checkAgainUntilAnswered(page)

  expect(refreshes).toBe(0)
  expect(await headingOf(page)).toBe('Your details match')
})

describe('the waiting page', () => {
  test('says politely that there is an answer, goes to it by itself, and is never loaded again meanwhile', async () => {
    const { page, visited } = await site.open()
    await walkToWaiting(page, { firstName: 'Slow 2' })
    const status = page.getByRole('status').filter({ visible: true })

    await page.getByText('This page moves on by itself').waitFor()
    const before = await page.locator('#wait-status').textContent()
    await status.getByText('We have an answer.').waitFor()
    const goOn = await page.getByRole('link', { name: 'Continue' }).isVisible()
    await untilAt(page, '/verify/result')

    expect(before).toBe('')
    expect(goOn).toBe(true)
    expect(visited.slice(-2)).toEqual(['/verify/wait', '/verify/result'])
  })

  test.each([
    ['the event stream alone, within two seconds', '/verify/status', 2_000],
    ['polling alone', '/verify/events', 5_000],
  ])('learns of the answer by %s, and goes to it', async (_what, unreachable, withinMs) => {
    const { page } = await site.open({ unreachable: [unreachable] })
    const before = site.system.worker.logged('job.done').length
    await walkToWaiting(page, { firstName: 'Slow 2' })

    await expect
      .poll(() => site.system.worker.logged('job.done').length, { timeout: 10_000, interval: 20 })
      .toBe(before + 1)
    const answeredAt = performance.now()
    await page.getByText('We have an answer.').waitFor()
    const toldAfterMs = performance.now() - answeredAt
    await untilAt(page, '/verify/result')

    expect(toldAfterMs).toBeLessThan(withinMs)
  })
})

const phone = '(703) 555-0142'

/** Without scripts nothing else could look for the answer, and a link on the page turns it off. */
const refreshes = { exceptions: ['meta-refresh'] }

async function checkAgainUntilAnswered(page: Page): Promise<void> {
  await expect
    .poll(
      async () => {
        if (pathOf(page) === '/verify/wait') await press(page, 'Check again')
        return pathOf(page)
      },
      { timeout: 15_000, interval: 300 },
    )
    .toBe('/verify/result')
}
