import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPerson } from '../support/openid-person.ts'
import { type PartnerSite, startPartnerSite } from '../support/sample-partner.ts'

let site: PartnerSite
beforeAll(async () => {
  site = await startPartnerSite()
})
afterAll(() => site.stop())

/** The partner's page or redirect, in one browser. */
function createBrowser() {
  let cookie = ''
  return async (path: string) => {
    const url = new URL(path, site.partner.url)
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    return { location: response.headers.get('location') ?? '', page: await response.text() }
  }
}

test.each([
  ['/sign-in', ['maria@example.com'], ['Okafor']],
  ['/sign-in/proofed', ['maria@example.com', 'Okafor', 'nist_800_63A', 'ial/2'], []],
])('at %s it signs somebody in and shows what it was told', async (path, shown, hidden) => {
  const person = await createPerson(site.op.web)
  await person.signIn()
  await person.proof()
  const browser = createBrowser()

  const { location } = await browser(path)
  await browser(await person.reach(location))
  const { page } = await browser('/')
  const out = await browser('/sign-out')

  for (const text of shown) expect(page).toContain(text)
  for (const text of hidden) expect(page).not.toContain(text)
  expect(out.location.startsWith(`${site.op.issuer}/openid/logout?`)).toBe(true)
})

test('says so when the person did not agree', async () => {
  const person = await createPerson(site.op.web)
  await person.signIn()
  const browser = createBrowser()
  const consent = await person.follow((await browser('/sign-in')).location)
  const action = /action="(\/openid\/interaction\/[^"]+)"/.exec(consent.payload)?.[1] ?? ''

  const denied = await person.visitor.post(action, { choice: 'deny' })
  const next = /content="0; url=([^"]+)"/.exec(denied.payload)?.[1] ?? ''
  const { headers } = await person.follow(next)
  await browser(headers.location ?? '')

  expect((await browser('/')).page).toContain('access_denied')
})
