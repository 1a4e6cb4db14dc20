import { readFile } from 'node:fs/promises'
import { Redis } from 'ioredis'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openVisit, startTestSite, type TestSite, type Visit } from '../support/browser.ts'
import { headingOf, pathOf, press, untilAt, walkToResult } from '../support/browser-walk.ts'
import { openPaper } from '../support/paper.ts'

let site: TestSite
beforeAll(async () => {
  site = await startTestSite()
})
afterAll(() => site.stop())

async function verified(options: Parameters<typeof site.open>[0] = {}): Promise<Visit> {
  const visit = await site.open(options)
  await walkToResult(visit.page)
  await checkAddress(visit.page)
  return visit
}

async function checkAddress(page: Page): Promise<void> {
  await press(page, 'Continue')
  await page.locator('#phone').fill('(703) 555-0142')
  await press(page, 'Send and check')
  await untilAt(page, '/verify/result')
}

/** As if ten minutes had passed. */
async function expireOutcomes(): Promise<void> {
  const redis = new Redis(site.system.stack.redis.urls.admin)
  await redis.del(await redis.keys('outcome:*'))
  redis.disconnect()
}

test('a verified person waits in line, and leaves with a file that nobody else can fetch', async () => {
  const { page, context, inspect } = await verified()

  await press(page, 'Get your credential')
  await press(page, 'Join the line')
  await untilAt(page, '/credential')
  await inspect('credential')
  const saved = await save(page)
  const again = await context.request.get('/credential/file')
  const stranger = await site.open({ statuses: [404] })
  const refused = await stranger.context.request.get('/credential/file')
  // By keyboard: a click is lost while the browser's viewer of PDF files is still loading.
  await page.getByRole('button', { name: 'Finish and delete my answers' }).press('Enter')
  await untilAt(page, '/session/ended')
  const gone = await context.request.get('/credential/file')

  expect(saved.subarray(0, 5).toString()).toBe('%PDF-')
  expect(await again.body()).toEqual(saved)
  expect([refused.status(), gone.status()]).toEqual([404, 404])
})

test('whoever scans the paper learns that the credential is valid, and whose it is', async () => {
  const { page } = await verified()
  await press(page, 'Get your credential')
  await press(page, 'Join the line')
  await untilAt(page, '/credential')
  const paper = await openPaper(await save(page))
  const scanned = await paper.scan()
  await paper.close()
  const { page: checker } = await site.open({ statuses: [404] })

  await checker.goto(scanned[0] ?? '')
  const verdict = checker.locator('h2.verdict__title:focus')
  await verdict.waitFor()

  expect(scanned).toHaveLength(1)
  expect(await verdict.textContent()).toBe('This credential is valid')
  expect(await checker.locator('[data-fact="name"]').textContent()).toBe('Maria Okafor')
  expect(checker.url()).toBe(new URL('/v', page.url()).href)
})

test('after ten minutes the credential is gone, and whoever wants another is verified again', async () => {
  // The browser's viewer may still be fetching what is taken away.
  const { page } = await verified({ statuses: [404] })
  await press(page, 'Get your credential')
  await press(page, 'Join the line')
  await untilAt(page, '/credential')

  await expireOutcomes()
  await page.goto('/credential/line')
  const gone = await headingOf(page)
  await page.goto('/credential/start')
  const sentTo = pathOf(page)
  await page.goto('/credential/line')
  await press(page, 'Check my details again')
  await press(page, 'Send and check')
  await untilAt(page, '/verify/result')
  await checkAddress(page)
  await press(page, 'Get your credential')
  await press(page, 'Join the line')
  await untilAt(page, '/credential')

  expect(gone).toBe('Your credential is no longer here')
  expect(sentTo).toBe('/verify/check')
  expect((await save(page)).subarray(0, 5).toString()).toBe('%PDF-')
})

async function save(page: Page): Promise<Buffer> {
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Save the PDF' }).click()
  return readFile(await (await saving).path())
}

test('a person without scripts gets the same by “Check again” alone', async () => {
  const { page, context } = await verified()
  const cookies = await context.cookies()
  const browser = context.browser()
  if (!browser) throw new Error('The browser has gone')
  const plain = await openVisit(browser, new URL(page.url()).origin, { javaScript: false })
  await plain.context.addCookies(cookies)

  await plain.page.goto('/credential/start')
  await press(plain.page, 'Join the line')
  await expect
    .poll(
      async () => {
        await plain.page.goto('/credential/line')
        return headingOf(plain.page)
      },
      { timeout: 60_000, interval: 1_000 },
    )
    .toBe('Here is your credential')
})
