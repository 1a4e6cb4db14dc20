import type { Page } from 'playwright-core'
import { applicant, type DetailsFields } from './applicant.ts'

/** Goes from consent to the details form. */
export async function agree(page: Page): Promise<void> {
  await page.goto('/verify/consent')
  await tickConsent(page)
  await press(page, 'Continue')
}

/** The label is what people see and hit. */
export async function tickConsent(page: Page): Promise<void> {
  await page.locator('label[for="consent"]').click()
}

/** Fills in the details form, by scripts or without, and leaves it unsent. */
export async function fillDetails(page: Page, fields: DetailsFields): Promise<void> {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`#${name}`)
    if (['birthMonth', 'state', 'stateIdJurisdiction'].includes(name)) {
      await field.selectOption(value)
    } else {
      await field.fill(value)
    }
  }
}

/** From the first question to the page on which the answers are checked. */
export async function walkToCheck(page: Page, changes: DetailsFields = {}): Promise<void> {
  await agree(page)
  await fillDetails(page, applicant(changes))
  await press(page, 'Continue')
}

export async function walkToWaiting(page: Page, changes: DetailsFields = {}): Promise<void> {
  await walkToCheck(page, changes)
  await press(page, 'Send and check')
}

/** To the page that follows from the first check. */
export async function walkToResult(page: Page, changes: DetailsFields = {}): Promise<void> {
  await walkToWaiting(page, changes)
  await untilAt(page, '/verify/result')
}

/** Presses a button or follows a link of the page's main part by its name, and waits for the page it leads to. */
export async function press(page: Page, name: string): Promise<void> {
  const main = page.getByRole('main')
  const target = main
    .getByRole('button', { name, exact: true })
    .or(main.getByRole('link', { name, exact: true }))
  const loaded = page.waitForEvent('domcontentloaded')
  await target.click()
  await loaded
}

export async function untilAt(page: Page, path: string): Promise<void> {
  await page.waitForURL((url) => url.pathname === path, { waitUntil: 'domcontentloaded' })
}

export async function headingOf(page: Page): Promise<string> {
  return (await page.getByRole('heading', { level: 1 }).textContent()) ?? ''
}

export function pathOf(page: Page): string {
  return new URL(page.url()).pathname
}
