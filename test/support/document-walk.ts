import type { Page } from 'playwright-core'
import { press, tickConsent } from './browser-walk.ts'
import type { Photos } from './specimen-photos.ts'

/** From the consent, which the page shows, to the page that takes the photos of this document. */
export async function chooseDocument(page: Page, document: RegExp): Promise<void> {
  await tickConsent(page)
  await press(page, 'Continue')
  const loaded = page.waitForEvent('domcontentloaded')
  await page.getByRole('button', { name: document }).click()
  await loaded
}

/** Both sides, each sent ahead by the script of the page. */
export async function sendPhotos(page: Page, { front, back }: Photos): Promise<void> {
  await page.locator('#front').setInputFiles(front)
  await page.locator('#back').setInputFiles(back)
  await page.getByText('Your photo is with us.').nth(1).waitFor()
  await press(page, 'Send the photos')
}
