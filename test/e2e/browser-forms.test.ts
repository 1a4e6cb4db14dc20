import pg from 'pg'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { startTestSite, type TestSite } from '../support/browser.ts'
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
  site = await startTestSite()
})
afterAll(() => site.stop())

describe('nothing is typed twice', () => {
  test('after a check that took too long, trying again is one button', async () => {
    const visit = await site.open()
    const { page, visited } = visit
    await walkToWaiting(page, { firstName: 'Slow 3' })
    const session = await storedSession(site.system, visit)
    await session.setDeadline(0)
    await untilAt(page, '/verify/result')
    const first = await headingOf(page)

    await press(page, 'Try again')
    await untilAt(page, '/verify/result')

    expect(first).toBe('The check took too long')
    expect(await headingOf(page)).toBe('Your details match')
    expect(visited.slice(-3)).toEqual(['/verify/result', '/verify/wait', '/verify/result'])
  })

  test('a change link leads to its field, and everything is as it was typed', async () => {
    const { page } = await site.open()
    const typed = applicant({ address2: 'Unit <7> & "8"', lastName: 'O’Neil-Núñez' })
    await walkToCheck(page, typed)

    await page.getByRole('link', { name: 'Change Home address' }).click()
    await untilAt(page, '/verify/details')
    const isAtField = await page.locator('#address1').evaluate((field) => field.matches(':focus'))
    const kept = await valuesOf(page, Object.keys(typed))
    await page.locator('#address1').fill('200 Other Street')
    await press(page, 'Continue')

    expect(isAtField).toBe(true)
    expect({ ...kept, ssn: digitsOf(kept.ssn) }).toEqual({ ...typed, ssn: digitsOf(typed.ssn) })
    expect(await page.locator('.answers').textContent()).toContain('200 Other Street')
  })
})

describe('what a password manager or the clipboard brings is taken as it is', () => {
  test('every field can be pasted into', async () => {
    const { page } = await site.open({
      browser: { permissions: ['clipboard-read', 'clipboard-write'] },
    })
    await agree(page)
    const typed = applicant({ ssn: ' 900 12 3456 ', zipCode: '98109-1234 ', address2: 'Unit 5' })
    const { birthMonth = '', state = '', stateIdJurisdiction = '', ...texts } = typed
    await page.locator('#birthMonth').selectOption(birthMonth)
    await page.locator('#state').selectOption(state)
    await page.locator('#stateIdJurisdiction').selectOption(stateIdJurisdiction)

    for (const [name, text] of Object.entries(texts)) await paste(page, name, text)
    const pasted = await valuesOf(page, Object.keys(texts))
    await press(page, 'Continue')

    expect(pasted).toEqual(texts)
    expect(await headingOf(page)).toBe('Check your answers')
  })

  test('a phone number is grouped once it is complete, however it came, and is sent as it is shown', async () => {
    const { page } = await site.open({
      browser: { permissions: ['clipboard-read', 'clipboard-write'] },
    })
    await walkToResult(page)
    await press(page, 'Continue')

    const shown: string[] = []
    for (const pasted of ['555-0142', '7035550142', '1-703-555-0142 ', '+1 (703) 555-0142']) {
      await page.locator('#phone').clear()
      await paste(page, 'phone', pasted)
      await page.keyboard.press('Tab')
      shown.push(await page.locator('#phone').inputValue())
    }
    await press(page, 'Send and check')
    await untilAt(page, '/verify/result')

    expect(shown).toEqual(['555-0142', '703-555-0142', '703-555-0142', '703-555-0142'])
    expect(await headingOf(page)).toBe('You are verified')
  })

  test('the number that is hidden can be shown, and is sent whole either way', async () => {
    const { page } = await site.open()
    await agree(page)
    const ssn = page.locator('#ssn')
    const type = () => ssn.getAttribute('type')

    const before = await type()
    await ssn.pressSequentially('900-12-3456')
    await page.getByRole('button', { name: 'Show number' }).click()
    const shown = await type()
    await page.getByRole('button', { name: 'Hide number' }).click()

    expect([before, shown, await type()]).toEqual(['password', 'text', 'password'])
    expect(await ssn.inputValue()).toBe('900-12-3456')
  })

  test('browsers know what most fields are for', async () => {
    const { page } = await site.open()
    await agree(page)

    const tokens = await page
      .locator('main :is(input, select):not([type="hidden"])')
      .evaluateAll((fields) => fields.map((field) => [field.name, field.autocomplete]))

    expect(Object.fromEntries(tokens)).toEqual({
      firstName: 'given-name',
      lastName: 'family-name',
      birthMonth: 'bday-month',
      birthDay: 'bday-day',
      birthYear: 'bday-year',
      address1: 'address-line1',
      address2: 'address-line2',
      city: 'address-level2',
      state: 'address-level1',
      zipCode: 'postal-code',
      stateIdJurisdiction: 'off',
      stateIdNumber: 'off',
      ssn: 'off',
    })
  })
})

test('two tabs that send the same check ask once, and both are told', async () => {
  const { page, context } = await site.open()
  const other = await context.newPage()
  await walkToCheck(page, { firstName: 'Slow 1' })
  await other.goto('/verify/check')
  const before = await attemptCount()

  await Promise.all([press(page, 'Send and check'), press(other, 'Send and check')])
  await Promise.all([untilAt(page, '/verify/result'), untilAt(other, '/verify/result')])

  expect(await attemptCount()).toBe(before + 1)
  expect(await headingOf(page)).toBe('Your details match')
  expect(await headingOf(other)).toBe('Your details match')
})

test('a tab that stayed behind is led to where the person is', async () => {
  const { page, context } = await site.open()
  await walkToCheck(page, { firstName: 'Slow 1' })
  const behind = await context.newPage()
  await behind.goto('/verify/details')

  await press(page, 'Send and check')
  await press(behind, 'Continue')
  await untilAt(behind, '/verify/result')
  await untilAt(page, '/verify/result')

  expect(await headingOf(behind)).toBe('Your details match')
  expect(await headingOf(page)).toBe('Your details match')
})

async function paste(page: Page, name: string, text: string): Promise<void> {
  await page.locator(`#${name}`).focus()
  await page.locator('body').evaluate(async (body, copied) => {
    await body.ownerDocument.defaultView.navigator.clipboard.writeText(copied)
  }, text)
  await page.keyboard.press('Control+V')
}

async function valuesOf(page: Page, names: readonly string[]): Promise<Record<string, string>> {
  const values = names.map(async (name) => [name, await page.locator(`#${name}`).inputValue()])
  return Object.fromEntries(await Promise.all(values))
}

const digitsOf = (text = ''): string => text.replaceAll(/\D/g, '')

async function attemptCount(): Promise<number> {
  const client = new pg.Client({ connectionString: site.system.stack.adminUrl })
  await client.connect()
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::integer as count from web.attempts',
  )
  await client.end()
  return rows[0]?.count ?? 0
}
