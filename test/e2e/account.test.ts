import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AccountDesk, samplePassword, startAccountDesk } from '../support/account-desk.ts'
import { launchBrowser, openVisit, type Visit, type VisitOptions } from '../support/browser.ts'
import { headingOf, pathOf, press, untilAt } from '../support/browser-walk.ts'

let desk: AccountDesk
let browser: Browser
let url: string
beforeAll(async () => {
  desk = await startAccountDesk({ ANTEROOM_SIGN_IN_ATTEMPTS: '3' })
  browser = await launchBrowser()
  url = await desk.web.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await browser.close()
  await desk.stop()
})

const another = 'three cats asleep in a hat'
const open = (options: VisitOptions = {}) => openVisit(browser, url, options)

/** Fills in the fields of the form and sends it by the name of its button. */
async function send({ page }: Visit, button: string, fields: Record<string, string>) {
  for (const [name, value] of Object.entries(fields)) await page.locator(`#${name}`).fill(value)
  await press(page, button)
}

async function signIn(visit: Visit, address: string, password = samplePassword): Promise<void> {
  await visit.page.goto('/sign-in')
  await send(visit, 'Sign in', { address, password })
}

/** Somebody who has an account and is in it. */
async function openAccount(options: VisitOptions = {}): Promise<Visit & { address: string }> {
  const address = desk.newAddress()
  await desk.signedUp(address)
  const visit = await open(options)
  await signIn(visit, address)
  return { ...visit, address }
}

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('%s', (_how, javaScript) => {
  test('a person makes an account, and no page on the way is hard to use for anyone', async () => {
    const address = desk.newAddress()
    const visit = await open({ javaScript, statuses: [422, 410] })
    const { page, inspect } = visit

    await page.goto('/')
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click()
    await inspect('sign-in')
    await press(page, 'Create an account')
    await inspect('sign-up')
    await send(visit, 'Continue', { address: 'susan' })
    await inspect('sign-up-wrong')
    await send(visit, 'Continue', { address })
    await inspect('email-sent')
    const link = desk.mailbox.linkTo(address)
    await page.goto(link)
    await inspect('sign-up-link')
    await send(visit, 'Create my account', { password: 'passwordpassword' })
    await inspect('sign-up-link-wrong')
    await send(visit, 'Create my account', { password: samplePassword })
    await inspect('account')
    const there = pathOf(page)
    await page.goto(link)
    await inspect('link-gone')

    expect(there).toBe('/account')
    expect(await headingOf(page)).toBe('This link does not work any more')
  })

  test('a person signs in, signs out, and gets back in with a new password by e-mail', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    const visit = await open({ javaScript, statuses: [422, 429] })
    const { page, inspect } = visit

    await signIn(visit, address)
    await page.getByRole('contentinfo').getByRole('button', { name: 'Sign out' }).click()
    await untilAt(page, '/sign-out')
    await inspect('signed-out')
    for (let guess = 0; guess < 3; guess += 1) await signIn(visit, address, another)
    await inspect('sign-in-wrong')
    await signIn(visit, address, another)
    await inspect('sign-in-limited')
    await press(page, 'Choose a new password')
    await inspect('recover')
    await send(visit, 'Send me a link', { address })
    await page.goto(desk.mailbox.linkTo(address))
    await inspect('recovery-link')
    await send(visit, 'Save the new password', { password: another })
    await inspect('recovered')
    await press(page, 'Sign in')
    await send(visit, 'Sign in', { address, password: another })

    expect(await headingOf(page)).toBe('Your account')
  })

  test('a person finds everything in their account, changes what guards it, and deletes it', async () => {
    const visit = await openAccount({ javaScript, statuses: [422] })
    const { page, inspect, address } = visit
    const next = desk.newAddress()
    const elsewhere = await desk.signIn(address)

    await press(page, 'Devices')
    await inspect('account-sessions')
    await press(page, 'Sign out all other devices')
    const left = await elsewhere.get('/account')
    await page.getByRole('navigation', { name: 'Your account' }).getByRole('link').click()
    await press(page, 'History')
    await inspect('account-history')
    await page.goto('/account/data')
    await inspect('account-data')
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save my data' }).click()
    const saved = await readFile(await (await saving).path(), 'utf8')
    await page.goto('/account/address')
    await inspect('account-address')
    await send(visit, 'Send me a link', { address: next })
    await page.goto(desk.mailbox.linkTo(next))
    await inspect('new-address')
    await press(page, 'Use this address')
    await inspect('account-address-changed')
    await page.goto('/account/password')
    await inspect('account-password')
    await send(visit, 'Save the new password', { password: another })
    const changed = await page.getByRole('status').first().textContent()
    await page.goto('/account/delete')
    await inspect('account-delete')
    await send(visit, 'Delete my account', { word: 'no' })
    await inspect('account-delete-wrong')
    await send(visit, 'Delete my account', { word: 'delete' })
    await inspect('account-deleted')

    expect(left.headers.location).toBe('/sign-in')
    expect(JSON.parse(saved)).toMatchObject({ address })
    expect(changed).toContain('Your new password is saved')
    expect(pathOf(page)).toBe('/account/deleted')
    expect(await desk.accountId(next)).toBe('')
  })
})

test('who has been signed in for a while confirms that they are there, and goes on to what they wanted', async () => {
  const visit = await openAccount({ statuses: [422] })
  const { page, inspect, address } = visit
  await forgetConfirmation(visit)

  await page.goto('/account/password')
  await inspect('confirm')
  await send(visit, 'Continue', { password: another })
  await inspect('confirm-wrong')
  const shown = await page.locator('#address').inputValue()
  await send(visit, 'Continue', { password: samplePassword })

  expect(shown).toBe(address)
  expect(pathOf(page)).toBe('/account/password')
})

test('a password can be looked at while it is typed, and is hidden again when it is sent', async () => {
  const visit = await open({ statuses: [422] })
  const { page } = visit
  await page.goto('/sign-in')
  await page.locator('#password').fill(another)

  await page.getByRole('button', { name: 'Show password' }).click()
  const shown = await page.locator('#password').getAttribute('type')
  await page.getByRole('button', { name: 'Hide password' }).click()
  const hidden = await page.locator('#password').getAttribute('type')

  expect([shown, hidden]).toEqual(['text', 'password'])
})

/** As if the sign-in was ten minutes ago. */
async function forgetConfirmation({ context }: Visit): Promise<void> {
  const { sessions } = desk.web.deps
  const cookies = await context.cookies()
  const id = cookies.find(({ name }) => name === 'anteroom-session')?.value ?? ''
  const session = await sessions.load(id)
  if (!session?.signIn) throw new Error('Nobody is signed in')
  await sessions.patch(session, { signIn: { ...session.signIn, at: session.signIn.at - 600_000 } })
}
