import { freePort } from '@anteroom/infra/local/ports.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '../../apps/idp-web/src/account/accounts.ts'
import { totpCode } from '../../apps/idp-web/src/factors/totp.ts'
import { launchBrowser, openVisit, type Visit, type VisitOptions } from '../support/browser.ts'
import { pathOf, press, untilAt } from '../support/browser-walk.ts'
import { type FactorDesk, startFactorDesk } from '../support/factor-desk.ts'
import { scanCodes } from '../support/scan-codes.ts'
import { addAuthenticator } from '../support/virtual-authenticator.ts'
import type { Visitor } from '../support/web.ts'

let desk: FactorDesk
let browser: Browser
let url: string
beforeAll(async () => {
  const port = await freePort()
  url = `http://localhost:${port}`
  ;[desk, browser] = await Promise.all([startFactorDesk(url), launchBrowser()])
  await desk.web.app.listen({ host: 'localhost', port })
})
afterAll(async () => {
  await browser.close()
  await desk.stop()
})

/** A browser in which this person has come as far as they have. */
async function open(person: Visitor, options: VisitOptions = {}): Promise<Visit> {
  const visit = await openVisit(browser, url, options)
  const cookies = [...person.cookies].map(([name, value]) => ({ name, value, url }))
  await visit.context.addCookies(cookies)
  return visit
}

async function owner(options: VisitOptions = {}): Promise<Visit & { readonly account: Account }> {
  const account = await desk.newAccount()
  return { ...(await open(await desk.signedIn(account), options)), account }
}

/** Nobody is signed in any more; they want to go to their ways to sign in. */
async function signOut({ context, page }: Visit): Promise<void> {
  await context.clearCookies()
  // Not by the page: the one to sign in would have them signed in again at once.
  await page.request.get('/account/factors')
  await page.goto('/sign-in/passkey')
}

/** What an app reads from the code on the page, base64url. */
async function scanned(page: Page): Promise<string> {
  const picture = await page.locator('.qr-code').screenshot()
  const [code] = await scanCodes(picture)
  const typed = new URL(code?.text ?? '').searchParams.get('secret') ?? ''
  const bits = Array.from(typed, (character) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character).toString(2).padStart(5, '0'),
  ).join('')
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
  return Buffer.from(bytes).toString('base64url')
}

const codeOf = (secret: string, stepsAway = 0): string =>
  totpCode(secret, Math.floor(desk.web.deps.now() / 30_000) + stepsAway)

const rowsOf = (page: Page) => page.locator('.factors__name').allTextContents()

test('a person adds a passkey, an app and codes, renames and removes, and no page is hard to use for anyone', async () => {
  const { page, inspect, account } = await owner({ statuses: [422] })
  const authenticator = await addAuthenticator(page)

  await page.goto('/account/factors')
  await inspect('factors-none')
  await press(page, 'Add a passkey')
  await inspect('add-passkey')
  await press(page, 'Add a passkey')
  await untilAt(page, '/account/factors')
  await inspect('factors-passkey-added')
  await press(page, 'Add an authenticator app')
  await inspect('add-app')
  const secret = await scanned(page)
  await page.locator('#code').fill('000000')
  await press(page, 'Add this app')
  await inspect('add-app-wrong')
  await page.locator('#code').fill(codeOf(secret))
  await press(page, 'Add this app')
  await press(page, 'Get backup codes')
  await inspect('make-codes')
  await press(page, 'Show my codes')
  await inspect('new-codes')
  const codes = await page.locator('#backup-codes li').allTextContents()
  await press(page, 'I have saved them')
  await inspect('factors-all')
  await page.getByRole('link', { name: 'Rename “Authenticator app”' }).click()
  await inspect('rename')
  await page.locator('#name').fill('')
  await press(page, 'Save the name')
  await inspect('rename-missing')
  await page.locator('#name').fill('My phone')
  await press(page, 'Save the name')
  const named = await rowsOf(page)
  await page.getByRole('link', { name: 'Remove “My phone”' }).click()
  await inspect('remove')
  await press(page, 'Remove it')
  await inspect('factors-removed')

  expect(await authenticator.passkeys()).toBe(1)
  expect(new Set(codes).size).toBe(10)
  expect(named).toEqual([expect.stringMatching(/^Passkey, /), 'My phone', 'Backup codes'])
  expect(await rowsOf(page)).toEqual([named[0], 'Backup codes'])
  expect(await desk.eventsOf(account)).toEqual([
    'factor-added',
    'factor-added',
    'backup-codes-made',
    'factor-removed',
  ])
})

describe('with a passkey alone', () => {
  test('somebody signs in and comes to the page that they wanted', async () => {
    const visit = await owner({ statuses: [404] })
    const { page, inspect } = visit
    await addAuthenticator(page)
    await page.goto('/account/factors/passkey')
    await press(page, 'Add a passkey')
    await untilAt(page, '/account/factors')

    await signOut(visit)
    await inspect('sign-in-passkey')
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await untilAt(page, '/account/factors')

    expect(await page.getByText('Last used').count()).toBe(1)
  })

  test('somebody is offered it at the field for their address', async () => {
    const visit = await owner({ statuses: [404] })
    const { page, context } = visit
    await addAuthenticator(page)
    await page.goto('/account/factors/passkey')
    await press(page, 'Add a passkey')
    await untilAt(page, '/account/factors')

    await context.clearCookies()
    await page.goto('/account/factors')
    await untilAt(page, '/account/factors')

    expect(await page.getByText('Last used').count()).toBe(1)
  })

  test('somebody whom their authenticator does not know is told that they can try again', async () => {
    const visit = await owner({ statuses: [404] })
    const { page, inspect } = visit
    const authenticator = await addAuthenticator(page)
    await page.goto('/account/factors/passkey')
    await press(page, 'Add a passkey')
    await untilAt(page, '/account/factors')
    await signOut(visit)

    await authenticator.setVerified(false)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('That did not work, or you stopped it.').waitFor()
    await inspect('sign-in-passkey-stopped')
    await authenticator.setVerified(true)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await untilAt(page, '/account/factors')

    expect(await page.locator('.passkey-trouble').count()).toBe(0)
  })

  test('nobody signs in with one that was removed, and the page says so', async () => {
    const visit = await owner({ statuses: [404, 422] })
    const { page, inspect } = visit
    await addAuthenticator(page)
    await page.goto('/account/factors/passkey')
    await press(page, 'Add a passkey')
    await untilAt(page, '/account/factors')
    await page.getByRole('link', { name: 'Remove “Passkey' }).click()
    await press(page, 'Remove it')

    await signOut(visit)
    await press(page, 'Use a passkey')
    await page.getByText('We could not sign you in with this passkey.').waitFor()

    await inspect('sign-in-passkey-refused')
  })
})

test('a device that has a passkey for the account is not given another', async () => {
  const { page, account } = await owner()
  const authenticator = await addAuthenticator(page)
  await page.goto('/account/factors/passkey')
  await press(page, 'Add a passkey')
  await untilAt(page, '/account/factors')

  await page.goto('/account/factors/passkey')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('has a passkey for your account already').waitFor()

  expect(await authenticator.passkeys()).toBe(1)
  expect(await desk.web.deps.factors.of(account.id)).toHaveLength(1)
})

test('without scripts a person adds an app and signs in with a code, and is told why a passkey does not work', async () => {
  const { page, inspect, account } = await owner({ javaScript: false, statuses: [404, 422] })
  await page.goto('/account/factors/passkey')
  await inspect('add-passkey')
  const passkeyText = await page.locator('main').textContent()
  await page.goto('/account/factors/app')
  const typed = (await page.locator('.typed-secret').textContent()) ?? ''
  const secret = await scanned(page)
  await page.locator('#code').fill(codeOf(secret))
  await press(page, 'Add this app')
  await press(page, 'Get backup codes')
  await press(page, 'Show my codes')
  await inspect('new-codes')

  const half = await open(await desk.halfSignedIn(account), {
    javaScript: false,
    statuses: [404, 422],
  })
  await half.page.goto('/sign-in/factor')
  await half.inspect('second-code')
  await half.page.locator('#code').fill('000000')
  await press(half.page, 'Sign in')
  await half.inspect('second-code-wrong')
  await press(half.page, 'Enter a backup code')
  await half.inspect('second-backup-code')
  await half.page.goto('/sign-in/factor')
  await half.page.locator('#code').fill(codeOf(secret, 1))
  await press(half.page, 'Sign in')

  expect(passkeyText).toContain('Passkeys need JavaScript')
  expect(typed.replaceAll(' ', '')).toMatch(/^[A-Z2-7]{32}$/)
  expect(pathOf(half.page)).toBe('/account')
})

test('whoever guesses too many codes is told when they can go on', async () => {
  const { account, page } = await owner({ statuses: [404] })
  await page.goto('/account/factors/app')
  await page.locator('#code').fill(codeOf(await scanned(page)))
  await press(page, 'Add this app')
  const half = await open(await desk.halfSignedIn(account), { statuses: [422, 429] })
  await half.page.goto('/sign-in/factor')

  for (let tried = 0; tried < 11; tried += 1) {
    await half.page.locator('#code').fill('000000')
    await press(half.page, 'Sign in')
  }

  expect(await half.page.locator('h1').textContent()).toBe('Too many codes')
  await half.inspect('too-many-codes')
})
