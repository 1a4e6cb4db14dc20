import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@anteroom/infra/local/ports.ts'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchBrowser, openVisit, type Visit, type VisitOptions } from '../support/browser.ts'
import { headingOf, press, untilAt } from '../support/browser-walk.ts'
import { type CredentialDesk, samplePdf, startCredentialDesk } from '../support/credential-desk.ts'
import { choose, tabTo } from '../support/keyboard.ts'
import { localDirectory } from '../support/root.ts'
import { waitingStanding } from '../support/scripted-line.ts'
import { startTransferBed, type TransferBed } from '../support/transfer-bed.ts'
import { startTransferDesk, type TransferDesk } from '../support/transfer-desk.ts'
import { runTransfers } from '../support/transfer-runner.ts'

/** Real pages in Chromium, and the worker's own task moving the file over the proxy to the agency's server. */

const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
const path = '/credential/send/permits-office'
let people: CredentialDesk
let desk: TransferDesk
let bed: TransferBed
let browser: Browser
let key: string
let url: string
beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  people = await startCredentialDesk({ ANTEROOM_PUBLIC_URL: url }, async (settings, options) => {
    desk = await startTransferDesk(settings, options)
    return desk.web
  })
  await desk.web.app.listen({ host: '127.0.0.1', port })
  bed = await startTransferBed(directory)
  browser = await launchBrowser()
  key = await desk.consumer('permits-office')
  const receiver = { name: 'Permits Office', destination: 'county-records', folder: 'permits/in' }
  await desk.web.database
    .pool('ops')
    .query(`select ops.set_credential_receiver('ada', 'permits-office', $1)`, [
      JSON.stringify(receiver),
    ])
})
afterAll(async () => {
  await browser.close()
  await desk.stop()
  await bed.stop()
  await rm(directory, { recursive: true, force: true })
})

afterEach(() => {
  bed.receiver.refuse = undefined
})

/** Somebody whose credential is there, in a browser of their own. */
async function withCredential(options: VisitOptions = {}): Promise<Visit> {
  people.line.setStanding(waitingStanding)
  const person = await people.inLine()
  await people.issue()
  const visit = await openVisit(browser, url, options)
  const cookies = [...person.cookies].map(([name, value]) => ({ name, value, url }))
  await visit.context.addCookies(cookies)
  await visit.page.goto('/credential')
  return visit
}

/** The worker does what is due. */
const work = () =>
  runTransfers({
    databaseUrl: desk.web.database.urls.worker,
    redisUrl: `redis://admin:admin@127.0.0.1:${desk.web.redis.options.port}`,
    facts: bed.facts,
    kind: 'https',
  })

const arrived = async () => [...(await bed.landings.https.visible())]

test('a person reads what is sent, agrees, and sees it arrive, whole and under a name that says nothing', async () => {
  const { page, inspect } = await withCredential({ statuses: [422] })

  await inspect('send-from-credential')
  await page.getByRole('link', { name: 'Send it to an agency' }).press('Enter')
  await untilAt(page, '/credential/send')
  await inspect('send-agencies')
  await press(page, 'Permits Office')
  await inspect('send-consent')
  await press(page, 'Send it now')
  const focused = await page.locator('.error-summary').evaluate((it) => it.matches(':focus'))
  await inspect('send-consent-error')
  await page.locator('label[for="agree"]').click()
  await press(page, 'Send it now')
  await untilAt(page, `${path}/sent`)
  await inspect('send-sending')
  await work()
  await page.getByRole('heading', { name: 'Your credential has arrived' }).waitFor()
  await inspect('send-arrived')

  expect(focused).toBe(true)
  const [[name, bytes] = ['', Buffer.alloc(0)]] = await arrived()
  expect(name).toMatch(/^permits\/in\/credential-[A-Za-z0-9_-]{22}\.pdf$/)
  expect(bytes).toEqual(samplePdf)
})

test('with a keyboard, on a narrow screen and without scripts, a code is made that the agency uses', async () => {
  const { page, inspect } = await withCredential({ javaScript: false, width: 320 })
  const before = (await arrived()).length

  await page.goto('/credential/send')
  await choose(page, 'link', 'Permits Office')
  await tabTo(page, page.getByRole('checkbox'))
  await page.keyboard.press('Space')
  await choose(page, 'button', 'Get a code instead')
  const shown = page.locator('.consent-code')
  await shown.waitFor()
  await inspect('send-code')
  const [code = ''] = /(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}/.exec((await shown.textContent()) ?? '') ?? []
  await choose(page, 'link', 'See if it was used')
  const unused = await headingOf(page)
  const asked = await desk.ask(key, {
    body: {
      source: { type: 'credential', consent: code },
      destination: { name: 'county-records', path: 'permits/in/case-4711' },
    },
  })
  await work()
  const after = async () => {
    await page.goto(`${path}/sent`)
    return headingOf(page)
  }

  await expect.poll(after, { timeout: 10_000 }).toBe('Your credential has arrived')
  expect(unused).toBe('Your credential was not sent yet')
  expect(asked.statusCode).toBe(202)
  expect((await arrived()).length).toBe(before + 1)
  expect((await arrived()).at(-1)?.[0]).toMatch(/^permits\/in\/case-4711\//)
})

test('a person whose agency refuses the file is told so, and tries again', async () => {
  const { page, inspect } = await withCredential()
  bed.receiver.refuse = () => ({ status: 403 })
  await page.goto(path)
  await page.locator('label[for="agree"]').click()
  await press(page, 'Send it now')

  await work()
  await page.getByRole('heading', { name: 'Your credential could not be sent' }).waitFor()
  await inspect('send-failed')
  bed.receiver.refuse = undefined
  await press(page, 'Try again')
  await page.locator('label[for="agree"]').click()
  await press(page, 'Send it now')
  await work()

  await page.getByRole('heading', { name: 'Your credential has arrived' }).waitFor()
})
