import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestSite, type TestSite } from '../support/browser.ts'
import { agree, headingOf, press, walkToCheck } from '../support/browser-walk.ts'

let site: TestSite
beforeAll(async () => {
  site = await startTestSite()
})
afterAll(() => site.stop())

test.each([
  ['/other-ways', 'Other ways to prove who you are'],
  ['/sandbox', 'Sandbox values'],
  ['/session/ended', 'Your visit has ended'],
])('%s is a page like the others', async (path, heading) => {
  const { page, inspect } = await site.open()

  await page.goto(path)

  expect(await headingOf(page)).toBe(heading)
  await inspect(path.slice(1).replace('/', '-'))
})

test('the page of the sample agency is one for a phone too', async () => {
  const { page, inspect } = await site.open()

  await page.goto(site.system.stack.agency.url)

  expect(await headingOf(page)).toBe('Sample Agency')
  await inspect('agency')
})

test('the reference of the API is read by keyboard, on a phone, without scripts', async () => {
  const { page, inspect } = await site.open({ javaScript: false, width: 320 })
  await page.goto('/api')
  const contents = page.getByRole('navigation', { name: 'On this page' })
  const command = page.getByRole('region', { name: 'A first request' })

  await contents.getByRole('link', { name: 'Begin', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')

  expect(await headingOf(page)).toBe('Moving documents: the API')
  expect(new URL(page.url()).hash).toBe('#begin')
  expect(await command.evaluate((box) => box.matches(':focus'))).toBe(true)
  await expect.poll(() => command.evaluate((box) => box.scrollLeft)).toBeGreaterThan(0)
  // Every link to a part of the page leads somewhere.
  for (const link of await page.locator('main a[href^="#"]').all()) {
    expect(
      await page.locator(`[id="${(await link.getAttribute('href'))?.slice(1)}"]`).count(),
    ).toBe(1)
  }
  await inspect('api')
})

describe('what is refused is told on a page', () => {
  test('that is not there', async () => {
    const { page, inspect } = await site.open({ statuses: [404] })

    await page.goto('/nowhere')

    expect(await headingOf(page)).toBe('This page does not exist')
    await inspect('error-404')
  })

  test('a form without its token', async () => {
    const { page, inspect } = await site.open({ statuses: [403] })
    await page.goto('/verify/consent')

    await page.locator('main input[name="csrf"]').evaluate((token) => token.remove())
    await press(page, 'Continue')

    expect(await headingOf(page)).toBe('We could not accept this form')
    await inspect('error-403')
  })

  test('a form with far too much in it', async () => {
    const { page, inspect } = await site.open({ statuses: [413] })
    await agree(page)

    await page.locator('#firstName').fill('x'.repeat(20_000))
    await press(page, 'Continue')

    expect(await headingOf(page)).toBe('We could not read what was sent')
    await inspect('error-413')
  })

  test('an outage of ours, which passes', async () => {
    const { page, inspect } = await site.open({ statuses: [503] })
    await walkToCheck(page)

    site.system.stack.kms.setCondition('failing')
    await page.reload()
    const heading = await headingOf(page)
    await inspect('error-503')
    site.system.stack.kms.setCondition('up')
    await page.reload()

    expect(heading).toBe('We are having trouble right now')
    expect(await headingOf(page)).toBe('Check your answers')
  })
})

test('a browser that is told to keep still is not shown anything that moves', async () => {
  const { page } = await site.open({ browser: { reducedMotion: 'reduce' } })

  for (const path of ['/', '/verify/consent', '/sandbox']) {
    await page.goto(path)
    const durations = await page
      .locator('body *')
      .evaluateAll((elements) =>
        elements.map((element) => element.computedStyleMap().get('transition-duration').toString()),
      )
    expect(new Set(durations)).toEqual(new Set(['0s']))
  }
})

test('what goes wrong in a page is not overlooked: planted problems are found', async () => {
  const visit = await site.open()
  await visit.page.goto('/')

  await visit.page.locator('body').evaluate((body) => {
    const script = body.ownerDocument.createElement('script')
    script.textContent = 'planted()'
    const picture = body.ownerDocument.createElement('img')
    picture.src = 'https://elsewhere.test/pixel.png'
    body.append(script, picture)
    body.ownerDocument.defaultView.setTimeout(() => {
      throw new Error('planted')
    })
  })

  const found = () => visit.problems.join('\n')
  await expect.poll(found).toMatch(/console: .*script-src/)
  await expect.poll(found).toMatch(/console: .*img-src/)
  await expect.poll(found).toMatch(/error: planted/)
  visit.problems.length = 0
})
