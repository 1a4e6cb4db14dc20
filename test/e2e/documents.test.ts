import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startTestSite, type TestSite } from '../support/browser.ts'
import { headingOf, pathOf, press, untilAt } from '../support/browser-walk.ts'
import { chooseDocument, sendPhotos } from '../support/document-walk.ts'
import { startService } from '../support/service.ts'
import { photosOf } from '../support/specimen-photos.ts'

let site: TestSite
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anteroom-specimens-'))
  site = await startTestSite({ web: { ANTEROOM_DOCUMENT_PROOFING: 'required' } })
})
afterAll(async () => {
  await site.stop()
  await rm(folder, { recursive: true, force: true })
})

async function choose(page: Page, document: RegExp): Promise<void> {
  await page.goto('/verify/consent')
  await chooseDocument(page, document)
}

async function textOf(page: Page): Promise<string> {
  return (await page.getByRole('main').textContent()) ?? ''
}

test('a person with scripts shows a license, and goes on to the end', async () => {
  const { page, inspect, requested } = await site.open()
  const photos = await photosOf('drivers-license', folder)
  await choose(page, /Driver’s license/)

  await sendPhotos(page, photos)
  await untilAt(page, '/verify/document/read')
  await inspect('document-read')
  await press(page, 'Yes, go on')
  await inspect('details-after-document')
  await page.locator('#ssn').fill('900-12-3456')
  await press(page, 'Continue')
  await inspect('check-after-document')
  await press(page, 'Send and check')
  await untilAt(page, '/verify/result')
  await press(page, 'Continue')
  await page.locator('#phone').fill('703-555-0142')
  await press(page, 'Send and check')
  await untilAt(page, '/verify/result')

  expect(await headingOf(page)).toBe('You are verified')
  expect(requested.join('\n')).not.toMatch(/imageKey|[?&]iv=/)
})

test('a person without scripts does the same with the form alone', async () => {
  const { page, inspect } = await site.open({ javaScript: false })
  const photos = await photosOf('drivers-license', folder)
  await choose(page, /Driver’s license/)
  await inspect('photos')

  await page.locator('#front').setInputFiles(photos.front)
  await page.locator('#back').setInputFiles(photos.back)
  await press(page, 'Send the photos')
  await untilAt(page, '/verify/document/read')
  await inspect('document-read')
  await press(page, 'Yes, go on')

  expect(pathOf(page)).toBe('/verify/details')
})

test('photos that cannot be read are refused with what to do, and new ones may follow', async () => {
  const { page, inspect } = await site.open()
  const photos = await photosOf('front-twice', folder)
  await choose(page, /Driver’s license/)

  await sendPhotos(page, photos)
  await untilAt(page, '/verify/result')
  await inspect('document-refused')

  expect(await headingOf(page)).toBe('We could not use your photos')
  expect(await textOf(page)).toContain('You have 4 tries left.')
  await press(page, 'Take new photos')
  await inspect('photos-again')
  expect(await textOf(page)).toContain('What was wrong with the last photos')
  await sendPhotos(page, photos)
  await untilAt(page, '/verify/result')

  expect(await textOf(page)).toContain('This is the same photo as before.')
  expect(await textOf(page)).toContain('You have 3 tries left.')
})

test('a barcode that cannot be read is no end where the rest can: the person compares', async () => {
  const { page, inspect } = await site.open()
  const photos = await photosOf('barcode-scratched-with-zone', folder)
  await choose(page, /Driver’s license/)

  await sendPhotos(page, photos)
  await untilAt(page, '/verify/document/read')
  await inspect('document-to-confirm')

  expect(await headingOf(page)).toBe('Check closely what we read')
})

test('a passport is read from one photo, and what it does not say is asked for', async () => {
  const { page, inspect } = await site.open()
  const photos = await photosOf('passport', folder)
  await choose(page, /Passport/)

  await page.locator('#front').setInputFiles(photos.front)
  await page.getByText('Your photo is with us.').first().waitFor()
  await press(page, 'Send the photo')
  await untilAt(page, '/verify/document/read')
  await press(page, 'Yes, go on')
  await inspect('details-after-passport')

  expect(await page.locator('#address1').isVisible()).toBe(true)
  expect(await page.locator('#stateIdNumber').isVisible()).toBe(true)
  expect(await page.locator('#firstName').count()).toBe(0)
})

// The last, because it stops the worker.
test('a reading that was stopped before it began can go again without new photos', async () => {
  const { page, inspect } = await site.open()
  const photos = await photosOf('drivers-license', folder)
  await choose(page, /Driver’s license/)
  await site.system.worker.stop()

  await sendPhotos(page, photos)
  await untilAt(page, '/verify/wait')
  await inspect('document-wait')
  await press(page, 'Stop this check')
  await inspect('document-stopped')
  const worker = await startService('worker', site.system.stack)
  onTestFinished(async () => void (await worker.stop()))
  await press(page, 'Try again')
  await untilAt(page, '/verify/document/read')

  expect(await headingOf(page)).toBe('Check what we read')
})
