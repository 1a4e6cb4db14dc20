import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createTestIssuer, type TestIssuer } from '../../packages/credential/test-data/issuer.ts'
import { launchBrowser, openVisit, type Visit, type VisitOptions } from '../support/browser.ts'
import { type RecordingRelay, startRecordingRelay } from '../support/recording-relay.ts'
import { startTestWeb, type TestWeb } from '../support/web.ts'

const origin = 'https://id.example.test'
const keysPath = '/.well-known/jwks.json'
const listPath = '/.well-known/credential-revocations'

let issuer: TestIssuer
let web: TestWeb
let port: number
let browser: Browser
beforeAll(async () => {
  issuer = await createTestIssuer(origin)
  ;[web, browser] = await Promise.all([
    startTestWeb({
      ANTEROOM_PUBLIC_URL: origin,
      ANTEROOM_CREDENTIAL_PUBLIC_KEYS: JSON.stringify(issuer.keys),
      ANTEROOM_CREDENTIAL_ISSUER_NAME: 'State of Example',
    }),
    launchBrowser(),
  ])
  await web.app.listen({ host: '127.0.0.1', port: 0 })
  port = (web.app.server.address() as AddressInfo).port
})
afterAll(async () => {
  await browser.close()
  await web.stop()
})
beforeEach(() => publish())

const day = 24 * 60 * 60
const now = () => Math.floor(Date.now() / 1_000)
const rid = 'AbCdEfGhIjKlMnOp'

/** A credential issued a month ago for a year, by the clock of the browser. */
function credential(
  changes: Parameters<TestIssuer['credential']>[0] = {},
  from: TestIssuer = issuer,
): Promise<string> {
  const issued = now() - 30 * day
  const times = { iat: issued, nbf: issued, exp: issued + 365 * day }
  return from.credential({ ...times, rid, ...changes })
}

/** Puts a list of this moment in the place of whatever is published. */
async function publish(...rids: string[]): Promise<void> {
  await withdraw()
  await web.deps.revocationLists?.keep(await issuer.revocations({ iat: now(), rids }))
}

async function withdraw(): Promise<void> {
  await web.database.pool('admin').query('delete from web.revocation_lists')
}

/** Someone with a browser of their own, and what it sends written down. */
async function visit(options: VisitOptions = {}): Promise<Visit & { relay: RecordingRelay }> {
  const relay = await startRecordingRelay(port)
  onTestFinished(() => relay.close())
  return { ...(await openVisit(browser, relay.url, options)), relay }
}

/** As a camera does: from somewhere else. */
async function openLink(page: Page, token: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(`/v#${token}`)
  await verdictOf(page)
}

/** What has the focus once there is a verdict. */
async function verdictOf(page: Page): Promise<string> {
  const heading = page.locator('h2.verdict__title:focus')
  await heading.waitFor()
  return (await heading.textContent()) ?? ''
}

const factsOf = (page: Page) =>
  page
    .locator('#facts div')
    .filter({ visible: true })
    .evaluateAll((rows) =>
      Object.fromEntries(rows.map((row) => [...row.children].map((part) => part.textContent))),
    )

// biome-ignore lint/performance/useDomNodeTextContent: what is hidden must not count
const visibleText = (page: Page) => page.locator('main').innerText()

/** Until what is needed without a network is kept. */
async function untilKept(page: Page): Promise<void> {
  const isAtWork = () => page.evaluate('navigator.serviceWorker.controller !== null')
  await expect.poll(isAtWork, { timeout: 15_000 }).toBe(true)
}

const keptPaths = (page: Page): Promise<string[]> =>
  page.evaluate(`(async () => {
    const names = await caches.keys()
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return kept.flat().map(({ url }) => url.replace(location.origin, '')).sort()
  })()`)

/** What could not be reached was meant not to be. */
function allowOutage({ problems }: Visit): void {
  const others = problems.filter((problem) => !problem.startsWith('failed: '))
  problems.splice(0, problems.length, ...others)
}

test('whoever checks an empty box is asked to paste something, and is told nothing of any credential', async () => {
  const { page, inspect } = await visit()
  await openLink(page, await credential())

  await page.locator('#pasted').fill('  ')
  await page.getByRole('button', { name: 'Check' }).click()

  const asked = page.getByText('The box is empty.')
  await asked.waitFor()
  await inspect('verify-credential-empty')
  const box = page.getByRole('textbox', { name: 'Text or link of the credential' })
  expect(await page.evaluate('document.activeElement.id')).toBe('pasted')
  expect(await box.getAttribute('aria-invalid')).toBe('true')
  expect(await page.locator('.verdict').filter({ visible: true }).count()).toBe(0)
  await box.fill(await credential())
  await page.getByRole('button', { name: 'Check' }).click()
  expect(await verdictOf(page)).toBe('This credential is valid')
  expect(await asked.isVisible()).toBe(false)
})

describe('the verdict', () => {
  test('on a valid credential says whose it is, who issued it, and what to compare', async () => {
    const { page, inspect } = await visit()

    await openLink(page, await credential())

    expect(await verdictOf(page)).toBe('This credential is valid')
    expect(await page.title()).toMatch(/^This credential is valid – Check a credential/)
    expect(await factsOf(page)).toMatchObject({
      Name: 'Zephyrine Quackenbush',
      'Date of birth': 'February 28, 1971',
      'Issued by': 'State of Example',
      Number: 'K7Q2-4821-9930',
    })
    const text = await visibleText(page)
    expect(text).toContain('Compare the name and the date of birth with a photo ID')
    expect(text).toMatch(/Checked on this device\. Keys updated \w+ \d+, \d{4}, \d+:\d\d.[AP]M\./)
    expect(text).toMatch(/Not on the list of credentials that were taken back\. List made \w+/)
    expect(text).not.toContain('could not check')
    expect(text).not.toContain('JavaScript')
    await inspect('credential-valid')
  })

  test('says that revocation was not checked where there is no list', async () => {
    const { page, inspect } = await visit({ statuses: [404] })
    await withdraw()

    await openLink(page, await credential())

    expect(await verdictOf(page)).toBe('This credential is valid')
    expect(await visibleText(page)).toContain('We could not check if it was taken back')
    expect(await visibleText(page)).not.toContain('Not on the list')
    await inspect('credential-valid-revocation-not-checked')
  })

  test('on a revoked one is that it was taken back', async () => {
    const { page, inspect } = await visit()
    await publish(rid)

    await openLink(page, await credential())

    expect(await verdictOf(page)).toBe('This credential was taken back')
    expect(await factsOf(page)).toMatchObject({ Number: 'K7Q2-4821-9930' })
    expect(await visibleText(page)).not.toMatch(/Compare|Not on the list|could not check/)
    await inspect('credential-revoked')
  })

  test.each([
    ['expired', -365 * day, 'This credential has expired'],
    ['not-yet-valid', 40 * day, 'This credential is not valid yet'],
  ])('on one that is %s says the days', async (name, shift, verdict) => {
    const { page, inspect } = await visit()
    const from = now() - 30 * day + shift

    await openLink(page, await credential({ nbf: from, exp: from + 365 * day }))

    expect(await verdictOf(page)).toBe(verdict)
    expect(Object.keys(await factsOf(page))).toContain('Starts on')
    expect(await visibleText(page)).not.toContain('Compare')
    await inspect(`credential-${name}`)
  })

  test('shows the last day on which it counts, wherever the device is', async () => {
    const { page } = await visit({ browser: { timezoneId: 'Pacific/Kiritimati' } })
    const exp = Date.UTC(2090, 5, 16) / 1_000

    await openLink(page, await credential({ exp }))

    expect(await factsOf(page)).toMatchObject({ 'Valid until': 'June 15, 2090' })
  })

  test.each([
    [
      'altered',
      async () => (await credential()).replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
      'This credential was changed or forged',
    ],
    [
      'unknown-issuer',
      async () => credential({}, await createTestIssuer('https://other.test')),
      'We do not know who issued this',
    ],
    ['unreadable', async () => 'not.a.credential', 'We cannot read this credential'],
  ])('on one that is %s says nothing that it says', async (name, make, verdict) => {
    const { page, inspect } = await visit()

    await openLink(page, await make())

    expect(await verdictOf(page)).toBe(verdict)
    const text = await visibleText(page)
    expect(text).not.toMatch(/Zephyrine|K7Q2|State of Example\n|Compare/)
    await inspect(`credential-${name}`)
  })

  test('is that we cannot tell where the keys were never reached', async () => {
    const { page, inspect } = await visit({ unreachable: [keysPath] })

    await openLink(page, await credential())

    expect(await verdictOf(page)).toBe('We cannot tell right now')
    expect(await factsOf(page)).toEqual({})
    await inspect('credential-no-keys')
  })

  test('of a second link in the same tab takes the place of the first', async () => {
    const { page } = await visit()
    await openLink(page, await credential())

    await page.evaluate(`location.hash = 'nothing'`)

    await page.getByRole('heading', { name: 'We cannot read this credential' }).waitFor()
    expect(await page.locator('.verdict:visible').count()).toBe(1)
    expect(await factsOf(page)).toEqual({})
  })
})

describe('without a camera', () => {
  test('the text is pasted and checked by keyboard alone, on several lines or as a link', async () => {
    const { page } = await visit()
    const token = await credential()
    await page.goto('/v')
    await page.getByLabel('Text or link').waitFor()

    for (const text of [token.replace(/.{60}/g, '$&\n'), `${origin}/v#${token}`]) {
      await page.getByLabel('Text or link').focus()
      await page.keyboard.insertText(text)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')

      expect(await verdictOf(page)).toBe('This credential is valid')
      expect(await page.getByLabel('Text or link').inputValue()).toBe('')
      await page.locator('h1').click()
    }
  })

  test('the page waits for a text, and the skip link is none', async () => {
    const { page, inspect } = await visit()
    await page.goto('/v')

    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')

    expect(await page.locator('.verdict:visible').count()).toBe(0)
    expect(page.url()).toContain('#main')
    await inspect('credential-none')
  })

  test('without scripts the page says why it cannot check, and takes nothing that it could send', async () => {
    const { page, inspect } = await visit({ javaScript: false })

    await page.goto(`/v#${await credential()}`)

    expect(await visibleText(page)).toContain('JavaScript must be on')
    expect(await page.locator('textarea:visible, button:visible, form').count()).toBe(0)
    await page.goto('/v')
    await inspect('credential')
  })
})

describe('nothing is sent and nothing is kept of a credential', () => {
  test('in the address bar, in what the browser sends, or in what it stores', async () => {
    const { page, context, relay, requested } = await visit()
    const token = await credential()
    const [, claims = '', signature = ''] = token.split('.')

    await openLink(page, token)
    await untilKept(page)
    await page.reload()
    await openLink(page, token)

    expect(page.url()).toBe(`${relay.url}/v`)
    expect(relay.sent()).toContain('GET /v HTTP/1.1')
    for (const part of [claims, signature, 'Zephyrine', 'K7Q2']) {
      expect(relay.sent()).not.toContain(part)
    }
    const paths = new Set(requested.map((url) => new URL(url).pathname))
    expect([...paths].filter((path) => !path.startsWith('/assets/')).sort()).toEqual(
      [listPath, keysPath, '/v', '/v/offline.js'].filter((path) => paths.has(path)),
    )
    expect(relay.sent()).not.toMatch(/^(POST|PUT|cookie)/im)
    expect(await context.cookies()).toEqual([])
    expect(await page.evaluate('[localStorage.length, sessionStorage.length]')).toEqual([0, 0])
    expect(await page.evaluate('indexedDB.databases()')).toEqual([])
    const kept = await keptPaths(page)
    expect(kept.filter((path) => !path.startsWith('/assets/'))).toEqual([listPath, keysPath, '/v'])
    expect(await page.evaluate('history.state')).toBeNull()
  })

  test('nor on the page, for whoever comes back to it with the back button', async () => {
    const { page } = await visit()
    await openLink(page, await credential())

    await page.goto('/other-ways')
    await page.goBack()

    await page.getByLabel('Text or link').waitFor()
    expect(await visibleText(page)).not.toContain('Zephyrine')
  })

  test('and the pages whose address only begins alike are left alone', async () => {
    const { page } = await visit()
    await openLink(page, await credential())
    await untilKept(page)

    await page.goto('/verify/consent')

    expect(await page.locator('h1').count()).toBe(1)
    expect((await keptPaths(page)).filter((path) => path.startsWith('/verify'))).toEqual([])
  })
})

describe('without a network', () => {
  /** Someone whose device has been here once, and then lost the network. */
  async function offline(): Promise<Visit> {
    const visitor = await visit()
    await visitor.page.goto('/v')
    await untilKept(visitor.page)
    visitor.relay.cut()
    await visitor.context.setOffline(true)
    onTestFinished(() => allowOutage(visitor))
    return visitor
  }

  test('a credential is checked, with the list that was kept', async () => {
    await publish(rid)
    const visitor = await offline()
    const { page } = visitor

    await page.getByLabel('Text or link').fill(await credential())
    await page.getByRole('button', { name: 'Check' }).click()
    const onTheOpenPage = await verdictOf(page)
    await openLink(page, await credential())
    const revoked = await verdictOf(page)
    await openLink(page, await credential({ rid: 'BBBBBBBBBBBBBBBB' }))

    expect([onTheOpenPage, revoked, await verdictOf(page)]).toEqual([
      'This credential was taken back',
      'This credential was taken back',
      'This credential is valid',
    ])
    allowOutage(visitor)
  })

  test('for more than a day, the page warns; for more than a week, it does not say valid', async () => {
    const visitor = await offline()
    const { page, inspect } = visitor
    const token = await credential()

    await page.clock.setSystemTime(Date.now() + 25 * 3_600_000)
    await openLink(page, token)
    const [afterADay, text] = [await verdictOf(page), await visibleText(page)]
    await inspect('credential-keys-old')
    await page.clock.setSystemTime(Date.now() + 8 * 24 * 3_600_000)
    await openLink(page, token)

    expect(afterADay).toBe('This credential is valid')
    expect(text).toContain('This device has not heard from us for more than a day.')
    expect(await verdictOf(page)).toBe('We cannot tell right now')
    expect(await factsOf(page)).toEqual({})
    await inspect('credential-keys-too-old')
    allowOutage(visitor)
  })
})

test('what is revoked is known to a device that has the network at once', async () => {
  const { page } = await visit()
  const token = await credential()
  await openLink(page, token)
  await untilKept(page)
  const before = await verdictOf(page)

  await publish(rid)
  await openLink(page, token)

  expect(before).toBe('This credential is valid')
  expect(await verdictOf(page)).toBe('This credential was taken back')
})
