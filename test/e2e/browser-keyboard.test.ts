import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { startTestSite, type TestSite } from '../support/browser.ts'
import { agree, headingOf, untilAt } from '../support/browser-walk.ts'
import { choose, tabTo } from '../support/keyboard.ts'

let site: TestSite
beforeAll(async () => {
  site = await startTestSite()
})
afterAll(() => site.stop())

test('a person who has only a keyboard goes from the first page to being verified', async () => {
  const { page } = await site.open()
  await page.goto('/')

  await choose(page, 'link', 'Get started')
  await untilAt(page, '/verify/consent')
  await tabTo(page, page.getByRole('checkbox'))
  await page.keyboard.press('Space')
  await choose(page, 'button', 'Continue')
  await untilAt(page, '/verify/details')
  for (const [name, value] of Object.entries(applicant())) {
    await tabTo(page, page.locator(`#${name}`))
    await page.keyboard.type(namesInLists[`${name} ${value}`] ?? value)
  }
  await choose(page, 'button', 'Continue')
  await untilAt(page, '/verify/check')
  await tabTo(page, page.locator('summary'))
  await page.keyboard.press('Space')
  const ssnShown = await page.locator('details .digits').isVisible()
  await choose(page, 'button', 'Send and check')
  await untilAt(page, '/verify/result')
  await choose(page, 'link', 'Continue')
  await untilAt(page, '/verify/phone')
  await tabTo(page, page.locator('#phone'))
  await page.keyboard.type('703 555 0142')
  await page.keyboard.press('Enter')
  await untilAt(page, '/verify/result')
  const verified = await headingOf(page)
  await choose(page, 'button', 'Finish and delete my answers')
  await untilAt(page, '/session/ended')

  expect(ssnShown).toBe(true)
  expect(verified).toBe('You are verified')
})

test('the first key leads to a visible link that skips to the content', async () => {
  const { page } = await site.open()
  await page.goto('/other-ways')

  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to main content' })
  await expect.poll(async () => (await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0)
  await page.keyboard.press('Enter')

  expect(await isFocused(page, 'main')).toBe(true)
})

test.each([true, false])(
  'what must be put right has the focus at once, and each of its links leads to its field (scripts: %s)',
  async (javaScript) => {
    const { page } = await site.open({ javaScript, statuses: [422] })
    await agree(page)

    await choose(page, 'button', 'Continue')
    await page.getByRole('alert').waitFor()
    const isAtSummary = await isFocused(page, '.error-summary')
    const links = page.getByRole('alert').getByRole('link')
    const fields = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))
    const reached: string[] = []
    for (const field of fields) {
      await page.getByRole('alert').focus()
      await tabTo(page, page.getByRole('alert').locator(`a[href="${field}"]`))
      await page.keyboard.press('Enter')
      await expect.poll(() => isFocused(page, field)).toBe(true)
      reached.push(field)
    }

    expect(isAtSummary).toBe(true)
    expect(await page.title()).toMatch(/^Error: /)
    expect(reached.length).toBe(12)
  },
)

/** A list is chosen from by typing what stands in it. */
const namesInLists: Readonly<Record<string, string>> = {
  'birthMonth 4': 'April',
  'state WA': 'Washington',
  'stateIdJurisdiction WA': 'Washington',
}

function isFocused(page: Page, selector: string): Promise<boolean> {
  return page.locator(selector).evaluate((element) => element.matches(':focus'))
}
