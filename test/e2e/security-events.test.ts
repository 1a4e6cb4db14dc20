import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { totpCode } from '../../apps/idp-web/src/factors/totp.ts'
import { startTestSite, type TestSite } from '../support/browser.ts'
import { press, untilAt } from '../support/browser-walk.ts'
import { shownSecret } from '../support/shown-secret.ts'

let site: TestSite
beforeAll(async () => {
  site = await startTestSite()
})
afterAll(() => site.stop())

const address = 'maria@example.com'

interface Mailbox {
  readonly mails: readonly { readonly to: readonly string[]; readonly links: readonly string[] }[]
}

/** Where the e-mail to this address leads. */
async function linkTo(person: string): Promise<string> {
  const links = async () => {
    const response = await fetch(new URL('/mails.json', site.system.stack.mail.pageUrl))
    const { mails } = JSON.parse(await response.text()) as Mailbox
    return mails.filter(({ to }) => to.includes(person)).flatMap((mail) => mail.links)
  }
  await expect.poll(async () => (await links()).length).toBeGreaterThan(0)
  return (await links())[0] ?? ''
}

/** Makes an account on the way from the partner, and comes back to it. */
async function connect(page: Page): Promise<string> {
  await page.goto(site.system.stack.partner.url)
  await page.getByRole('link', { name: 'Sign in', exact: true }).click()
  await untilAt(page, '/sign-in')
  await press(page, 'Create an account')
  await page.locator('#address').fill(address)
  await press(page, 'Continue')
  await page.goto(await linkTo(address))
  await page.locator('#password').fill('seven ducks on a pond')
  await press(page, 'Create my account')
  await page.getByRole('button', { name: 'Agree and continue' }).click()
  await page.getByText('You are signed in.').waitFor()
  const idToken = JSON.parse((await page.locator('#id-token').textContent()) ?? '')
  return idToken.sub
}

async function addApp(page: Page): Promise<void> {
  await page.goto('/account/factors')
  await press(page, 'Add an authenticator app')
  const secret = shownSecret(await page.content())
  await page.locator('#code').fill(totpCode(secret, Math.floor(Date.now() / 30_000)))
  await press(page, 'Add this app')
  await untilAt(page, '/account/factors')
}

async function changePassword(page: Page): Promise<void> {
  await page.goto('/account/password')
  await page.locator('#password').fill('eight geese on a lake')
  await press(page, 'Save the new password')
  await untilAt(page, '/account')
}

test('a partner is told in order what somebody changed, and shows it once it has verified it', async () => {
  const { page, inspect } = await site.open()
  const { partner } = site.system.stack
  const told = ['recovery-information-changed', 'password-reset']

  const subject = await connect(page)
  await addApp(page)
  await changePassword(page)
  await expect.poll(() => partner.events.received().length, { timeout: 15_000 }).toBe(told.length)
  await page.goto(`${partner.url}/security-events`)
  await inspect('partner-events')
  const names = await page.locator('#events .event').allTextContents()
  const tokens = await page.locator('#events pre').allTextContents()

  expect(names).toEqual(told)
  for (const token of tokens) {
    expect(token).toContain(subject)
    expect(token).not.toContain(address)
  }

  const { web, worker } = site.system
  const changed = web
    .logged('request.done')
    .find(({ route, method }) => route === '/account/password' && method === 'POST')
  const pushed = worker.logged('risc.push').find(({ event }) => event === 'password-reset')
  expect(changed?.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(pushed?.traceId).toBe(changed?.traceId)

  await page.goto('/test/security-events')
  await page.locator('#told-events').waitFor()
  await inspect('told-events')
  const rows = await page.locator('#told-events h2').allTextContents()
  const shown = (await page.getByRole('main').textContent()) ?? ''
  expect(rows).toEqual(told.toReversed())
  expect(shown).not.toContain(subject)
  expect(shown).not.toContain(address)
})
