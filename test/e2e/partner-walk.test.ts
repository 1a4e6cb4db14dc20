import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestSite, type TestSite } from '../support/browser.ts'
import { headingOf, pathOf, press, untilAt } from '../support/browser-walk.ts'
import { chooseDocument, sendPhotos } from '../support/document-walk.ts'
import { type Photos, photosOf } from '../support/specimen-photos.ts'
import { addAuthenticator } from '../support/virtual-authenticator.ts'

let site: TestSite
let folder: string
let photos: Photos
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anteroom-walk-'))
  photos = await photosOf('drivers-license', folder)
  site = await startTestSite({ web: { ANTEROOM_DOCUMENT_PROOFING: 'required' } })
})
afterAll(async () => {
  await site.stop()
  await rm(folder, { recursive: true })
})

const address = 'maria@example.com'
const password = 'seven ducks on a pond'

interface Mailbox {
  readonly mails: readonly { readonly to: readonly string[]; readonly links: readonly string[] }[]
}

/** Where the latest e-mail to this address leads. */
async function linkTo(person: string): Promise<string> {
  const mails = async () => {
    const response = await fetch(new URL('/mails.json', site.system.stack.mail.pageUrl))
    const { mails: all } = JSON.parse(await response.text()) as Mailbox
    return all.filter(({ to }) => to.includes(person))
  }
  await expect.poll(async () => (await mails()).length).toBeGreaterThan(0)
  return (await mails())[0]?.links[0] ?? ''
}

async function signUp(page: Page): Promise<void> {
  await press(page, 'Create an account')
  await page.locator('#address').fill(address)
  await press(page, 'Continue')
  await page.goto(await linkTo(address))
  await page.locator('#password').fill(password)
  await press(page, 'Create my account')
}

async function addPasskey(page: Page): Promise<void> {
  await page.goto('/account/factors')
  await press(page, 'Add a passkey')
  await press(page, 'Add a passkey')
}

/** From the consent to the page that says so, with photos and everything else that is asked. */
async function verify(page: Page): Promise<void> {
  await chooseDocument(page, /Driver’s license/)
  await sendPhotos(page, photos)
  await untilAt(page, '/verify/document/read')
  await press(page, 'Yes, go on')
  await page.locator('#ssn').fill('900-12-3456')
  await press(page, 'Continue')
  await press(page, 'Send and check')
  await untilAt(page, '/verify/result')
  await press(page, 'Continue')
  await page.locator('#phone').fill('703-555-0142')
  await press(page, 'Send and check')
  await untilAt(page, '/verify/result')
}

async function askAtPartner(page: Page, what: string): Promise<void> {
  await page.goto(site.system.stack.partner.url)
  await page.getByRole('link', { name: what, exact: true }).click()
  await page.waitForLoadState('domcontentloaded')
}

/** What the partner shows of what it was told. */
async function told(page: Page): Promise<Record<string, unknown>> {
  await page.getByText('You are signed in.').waitFor()
  return JSON.parse((await page.locator('#userinfo').textContent()) ?? '')
}

test('a partner sends somebody new, who makes an account, adds a passkey, is verified, and comes back with what was verified', async () => {
  const { page, context, inspect } = await site.open()
  const { url: partner } = site.system.stack.partner
  const authenticator = await addAuthenticator(page)

  await askAtPartner(page, 'Sign in with a proofed identity')
  await untilAt(page, '/sign-in')
  await signUp(page)
  await untilAt(page, '/verify/consent')
  await inspect('partner-proofing-consent')
  await addPasskey(page)
  // Whoever a partner waits for comes back to its request.
  await untilAt(page, '/verify/consent')
  await verify(page)
  await inspect('partner-verified')
  const verified = await headingOf(page)
  await press(page, 'Continue to Sample Library')
  // A page in between, which goes on by itself, was the first to load.
  const agree = page.getByRole('button', { name: 'Agree and continue' })
  await agree.waitFor()
  await inspect('partner-consent')
  await agree.click()
  const first = await told(page)

  expect(verified).toBe('You are verified')
  expect(page.url()).toBe(`${partner}/`)
  expect(await authenticator.passkeys()).toBe(1)
  expect(first).toMatchObject({
    email: address,
    ial: expect.anything(),
    verified_claims: { claims: { family_name: expect.any(String) } },
  })

  await page.getByRole('link', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign out here too' }).click()
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  await context.clearCookies()
  await askAtPartner(page, 'Sign in')
  await untilAt(page, '/sign-in')
  await page.goto('/sign-in/passkey')
  await press(page, 'Use a passkey')
  const second = await told(page)

  expect(second.sub).toBe(first.sub)
  expect(second).not.toHaveProperty('verified_claims')
  await page.goto('/account/services')
  await inspect('partner-services')
  expect(pathOf(page)).toBe('/account/services')
  expect(await page.getByRole('main').textContent()).toContain('Sample Library')
})
