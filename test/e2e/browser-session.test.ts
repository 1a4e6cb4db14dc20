import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { startTestSite, type TestSite } from '../support/browser.ts'
import { storedSession } from '../support/browser-session.ts'
import {
  agree,
  headingOf,
  pathOf,
  press,
  untilAt,
  walkToCheck,
  walkToResult,
} from '../support/browser-walk.ts'

const idleSeconds = 123

// The warning comes two minutes before the end: here, three seconds after a page has opened.
let site: TestSite
beforeAll(async () => {
  site = await startTestSite({ web: { ANTEROOM_SESSION_IDLE_SECONDS: String(idleSeconds) } })
})
afterAll(() => site.stop())

const warning = (page: Page) => page.getByRole('dialog', { name: 'Are you still there?' })

describe('the warning before a session ends', () => {
  test('comes in time, and “Stay here” renews the session without a new page', async () => {
    const visit = await site.open()
    const { page, inspect, visited } = visit
    await agree(page)
    const session = await storedSession(site.system, visit)
    await page.locator('#firstName').fill('Maria')

    await warning(page).waitFor()
    const said = await warning(page).getByRole('status').textContent()
    await inspect('session-warning')
    const secondsBefore = await session.secondsLeft()
    await warning(page).getByRole('button', { name: 'Stay here' }).click()
    await warning(page).waitFor({ state: 'hidden' })
    const secondsAfter = await session.secondsLeft()

    expect(said).toBe('You have about 2 minutes left.')
    expect(secondsBefore).toBeLessThan(idleSeconds - 2)
    expect(secondsAfter).toBeGreaterThan(idleSeconds - 2)
    expect(await page.locator('#firstName').inputValue()).toBe('Maria')
    expect(visited).toEqual(['/verify/consent', '/verify/details'])
  })

  test('keeps the focus, and Escape means “Stay here”', async () => {
    const visit = await site.open()
    const { page } = visit
    await agree(page)
    const session = await storedSession(site.system, visit)
    await page.locator('#lastName').focus()
    await warning(page).waitFor()

    const stops: boolean[] = []
    for (let stop = 0; stop < 6; stop += 1) {
      stops.push(await isFocusKept(page))
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Escape')
    await warning(page).waitFor({ state: 'hidden' })

    expect(stops).not.toContain(false)
    expect(await session.secondsLeft()).toBeGreaterThan(idleSeconds - 2)
    expect(await page.locator('#lastName').evaluate((field) => field.matches(':focus'))).toBe(true)
  })

  test('is shown in every tab, and staying in one is staying in all', async () => {
    const { page, context } = await site.open()
    await agree(page)
    const other = await context.newPage()
    await other.goto('/verify/details')
    await warning(page).waitFor()
    await warning(other).waitFor()

    await warning(other).getByRole('button', { name: 'Stay here' }).click()

    await warning(other).waitFor({ state: 'hidden' })
    await warning(page).waitFor({ state: 'hidden' })
  })

  test('is followed by the page that says that the visit has ended', async () => {
    const visit = await site.open()
    const { page, context } = visit
    await context.clock.install()
    await agree(page)
    const session = await storedSession(site.system, visit)
    await session.end()

    await context.clock.fastForward((idleSeconds + 2) * 1_000)
    await untilAt(page, '/session/ended')
    const heading = await headingOf(page)
    await page.goto('/verify/details')

    expect(heading).toBe('Your visit has ended')
    expect(pathOf(page)).toBe('/session/ended')
  })

  test('can be answered by leaving', async () => {
    const { page } = await site.open()
    await agree(page)
    await warning(page).waitFor()

    await warning(page).getByRole('button', { name: 'Leave now' }).click()

    await untilAt(page, '/session/ended')
  })
})

describe('nobody who comes after can see anything', () => {
  const details = applicant({ lastName: 'Quackenbush', address1: '77 Marzipan Lane' })
  const personal = [
    'Quackenbush',
    'Marzipan',
    details.ssn ?? '',
    (details.ssn ?? '').replaceAll('-', ''),
  ]

  test('after leaving, the back button shows nothing of the person', async () => {
    const { page } = await site.open()
    await walkToCheck(page, details)
    const shown = await page.content()

    await page
      .getByRole('contentinfo')
      .getByRole('button', { name: 'Leave and delete my answers' })
      .click()
    await untilAt(page, '/session/ended')
    const seen: string[] = []
    for (let step = 0; step < 3; step += 1) {
      await page.goBack({ waitUntil: 'domcontentloaded' })
      seen.push(await page.content())
      seen.push(
        ...(await page.locator('input').evaluateAll((all) => all.map(({ value }) => value))),
      )
    }

    expect(personalIn(shown)).not.toEqual([])
    expect(personalIn(seen.join())).toEqual([])
  })

  test('nothing of the person is in any address or in what the browser stores', async () => {
    const { page, context, requested } = await site.open()
    await walkToResult(page, details)
    await press(page, 'Continue')
    await page.locator('#phone').fill('703-555-0142')
    await press(page, 'Send and check')
    await untilAt(page, '/verify/result')

    const { cookies, origins } = await context.storageState({ indexedDB: true })
    const inTab = await page.locator(':root').evaluate((html) => {
      const view = html.ownerDocument.defaultView
      return JSON.stringify([view.sessionStorage, view.localStorage, view.name, view.history.state])
    })

    expect(requested.length).toBeGreaterThan(10)
    expect(personalIn(requested.join())).toEqual([])
    expect(requested.filter((url) => new URL(url).search !== '')).toEqual([])
    expect(origins).toEqual([])
    expect(inTab).toBe('[{},{},"",null]')
    expect(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Lax')).toBe(true)
    expect(personalIn(JSON.stringify(cookies))).toEqual([])
  })

  function personalIn(text: string): string[] {
    return [...personal, '5550142', '555-0142'].filter((mark) => text.includes(mark))
  }
})

/** In the dialog, or with the browser itself after the dialog's last button. */
function isFocusKept(page: Page): Promise<boolean> {
  return page.locator('body').evaluate((body) => {
    const focused = body.ownerDocument.activeElement
    return focused === body || focused.closest('dialog') !== null
  })
}
