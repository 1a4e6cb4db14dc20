import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { createPerson } from '../support/openid-person.ts'
import { type PartnerSite, startPartnerSite } from '../support/sample-partner.ts'

let site: PartnerSite
let browser: Browser
beforeAll(async () => {
  ;[site, browser] = await Promise.all([startPartnerSite(), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await site.stop()
})

/** A browser in which somebody is signed in and proofed. What it objects to fails the test. */
async function openSignedIn(javaScriptEnabled: boolean): Promise<Page> {
  const person = await createPerson(site.op.web)
  await person.signIn()
  await person.proof()
  const context = await browser.newContext({ javaScriptEnabled })
  const value = person.visitor.cookies.get('anteroom-session') ?? ''
  await context.addCookies([{ name: 'anteroom-session', value, url: site.op.issuer }])
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  onTestFinished(async () => {
    await context.close()
    expect(problems).toEqual([])
  })
  return page
}

test.each([true, false])(
  'a browser takes somebody to the partner and back, scripts: %s',
  async (javaScriptEnabled) => {
    const page = await openSignedIn(javaScriptEnabled)

    await page.goto(site.partner.url)
    await page.getByRole('link', { name: 'Sign in with a proofed identity' }).click()
    const asked = await page.getByRole('heading', { level: 1 }).textContent()
    await page.getByRole('button', { name: 'Agree and continue' }).click()
    await page.getByText('You are signed in.').waitFor()
    const told = await page.locator('#userinfo').textContent()
    await page.goto(`${site.partner.url}/sign-in`)
    await page.getByText('You are signed in.').waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out here too' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()

    expect(asked).toBe('Share with Sample Library?')
    expect(JSON.parse(told ?? '')).toMatchObject({
      family_name: 'Okafor',
      email: 'maria@example.com',
    })
    expect(page.url()).toBe(`${site.partner.url}/signed-out`)
  },
)

test('a browser takes somebody back who does not agree', async () => {
  const page = await openSignedIn(true)

  await page.goto(`${site.partner.url}/sign-in`)
  await page.getByRole('button', { name: 'Do not share' }).click()

  await page.getByText('access_denied').waitFor()
  expect(page.url()).toBe(`${site.partner.url}/`)
})
