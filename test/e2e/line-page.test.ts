import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchBrowser, openVisit, type Visit, type VisitOptions } from '../support/browser.ts'
import { headingOf, pathOf, press, untilAt } from '../support/browser-walk.ts'
import { type CredentialDesk, samplePdf, startCredentialDesk } from '../support/credential-desk.ts'
import { waitingStanding } from '../support/scripted-line.ts'
import type { Visitor } from '../support/web.ts'

let desk: CredentialDesk
let browser: Browser
let url: string
beforeAll(async () => {
  desk = await startCredentialDesk()
  browser = await launchBrowser()
  url = await desk.web.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await browser.close()
  await desk.stop()
})
beforeEach(() => {
  desk.line.setStanding(waitingStanding)
  desk.line.refuse(undefined)
  desk.line.calls.length = 0
})

const called = { state: 'called', nextPollSeconds: 0.3, leaseSeconds: 45, listen: false } as const

/** A browser in which this person has come as far as they have. */
async function open(person: Visitor, options: VisitOptions = {}): Promise<Visit> {
  const visit = await openVisit(browser, url, options)
  const cookies = [...person.cookies].map(([name, value]) => ({ name, value, url }))
  await visit.context.addCookies(cookies)
  return visit
}

async function openLine(options: VisitOptions = {}): Promise<Visit> {
  const visit = await open(await desk.inLine(), options)
  await visit.page.goto('/credential/line')
  return visit
}

const textOf = (page: Page, id: string) => page.locator(`#${id}`).textContent()
const callsOf = (what: string) => desk.line.calls.filter((call) => call === what).length

test('a person goes from being verified through the line to their file, and no page is hard to use for anyone', async () => {
  const { page, inspect, visited } = await open(await desk.verified())

  await page.goto('/verify/result')
  await inspect('verified')
  await press(page, 'Get your credential')
  await inspect('credential-start')
  await press(page, 'Join the line')
  await inspect('line')
  desk.line.setStanding(called)
  await page.getByRole('heading', { name: 'We are making your credential' }).waitFor()
  await inspect('line-called')
  await desk.issue()
  await untilAt(page, '/credential')
  await inspect('credential')
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Save the PDF' }).click()
  const saved = await saving

  expect(saved.suggestedFilename()).toBe('anteroom-credential.pdf')
  expect(await readFile(await saved.path())).toEqual(samplePdf)
  expect(visited).toEqual([
    '/verify/result',
    '/credential/start',
    '/credential/line',
    '/credential',
  ])
})

test('a person without scripts goes the same way by “Check again” alone', async () => {
  const { page, inspect } = await open(await desk.verified(), { javaScript: false })

  await page.goto('/credential/start')
  await inspect('credential-start')
  await press(page, 'Join the line')
  await inspect('line', { exceptions: ['meta-refresh', 'meta-refresh-no-exceptions'] })
  const refresh = await page.locator('noscript meta').getAttribute('content')
  await press(page, 'Stop looking by itself')
  const still = await page.locator('noscript meta').count()
  desk.line.setStanding(called)
  await press(page, 'Check again')
  const heading = await headingOf(page)
  await desk.issue()
  await press(page, 'Check again')

  expect([refresh, still]).toEqual(['20', 0])
  expect(heading).toBe('We are making your credential')
  expect(pathOf(page)).toBe('/credential')
  await inspect('credential')
})

describe('the page of the line', () => {
  test('follows the place without being loaded anew, and shows none that rises', async () => {
    const { page, visited } = await openLine()

    desk.line.setStanding({ ...waitingStanding, ahead: 7 })
    await page.locator('#line-ahead', { hasText: '7 people' }).waitFor()
    desk.line.setStanding({ ...waitingStanding, ahead: 9, wait: { low: 5, likely: 20, high: 40 } })
    await page.getByText('Your wait is less than a minute.').waitFor()

    expect(await textOf(page, 'line-ahead')).toBe('7 people are ahead of you.')
    const bar = page.locator('#line-progress')
    expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['5', '13'])
    expect(visited).toEqual(['/credential/line'])
  })

  test('says the place aloud at first, at the tenth and at the front, and not in between', async () => {
    const { page } = await openLine()
    const aloud = await page.evaluateHandle<string[]>(`
      window.said = []
      const news = document.querySelector('#line-news')
      new MutationObserver(() => said.push(news.textContent)).observe(news, { childList: true })
      said`)

    for (const ahead of [11, 10, 5, 2, 0]) {
      desk.line.setStanding({ ...waitingStanding, ahead })
      await page
        .locator('#line-ahead', { hasText: ahead === 0 ? 'You are next.' : `${ahead} people` })
        .waitFor()
    }

    expect((await aloud.jsonValue()).filter((text) => !text.startsWith('12'))).toEqual([
      '10 people are ahead of you.',
      'You are next.',
    ])
  })

  test('says that the line stands still, what the operators say, and when it goes on', async () => {
    const { page, inspect } = await openLine()

    desk.line.setStanding({ ...waitingStanding, paused: 'issuer-busy', message: 'Back at <noon>.' })
    await page.getByText('the line stands still').first().waitFor()
    await inspect('line-paused')
    const spaces = await page.evaluate<number[]>(`
      const box = (id) => document.getElementById(id).getBoundingClientRect();
      [
        box('line-ahead').top - box('line-message').bottom,
        box('line-paused').top - box('line-progress').bottom,
        box('line').top - box('line-paused').bottom,
      ]`)
    const wait = await textOf(page, 'line-wait')
    const message = await textOf(page, 'line-message')
    desk.line.setStanding(waitingStanding)
    await page.locator('#line-paused').waitFor({ state: 'hidden' })

    expect(Math.min(...spaces)).toBeGreaterThanOrEqual(32)
    expect(wait).toBe('')
    expect(message?.trim()).toBe('Back at <noon>.')
    expect(await textOf(page, 'line-wait')).toBe('Your wait is about 4 to 7 minutes.')
    expect(await page.locator('#line-message').isVisible()).toBe(false)
  })

  test('goes back to waiting when the line was stopped after the call', async () => {
    const { page } = await openLine()
    desk.line.setStanding(called)
    await page.getByRole('heading', { name: 'We are making your credential' }).waitFor()

    desk.line.setStanding({ ...waitingStanding, ahead: 0, paused: 'stopped' })
    await page.getByRole('heading', { name: 'You are in line' }).waitFor()

    expect(await textOf(page, 'line-ahead')).toBe('You are next.')
    expect(await page.getByRole('button', { name: 'Leave the line' }).isVisible()).toBe(true)
  })

  test('tells the line when it is hidden, and when it closes', async () => {
    const { page } = await openLine()
    await expect.poll(() => callsOf('standing visible')).toBeGreaterThan(1)

    await page.evaluate(
      `Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })`,
    )
    const before = callsOf('standing hidden')
    await expect.poll(() => callsOf('standing hidden')).toBeGreaterThan(before + 1)
    const left = callsOf('away')
    await page.goto('/other-ways')

    await expect.poll(() => callsOf('away')).toBe(left + 1)
  })

  test('listens only when told to, and asks at once when it is woken', async () => {
    const { page, requested } = await openLine()
    const streams = () => requested.filter((address) => address.endsWith('/events')).length
    await expect.poll(() => callsOf('standing visible')).toBeGreaterThan(1)
    const before = streams()

    desk.line.setStanding({ ...waitingStanding, listen: true, nextPollSeconds: 30 })
    await expect.poll(streams).toBe(1)
    await expect.poll(() => desk.web.deps.outcomes.size()).toBe(1)
    await desk.issue()
    await untilAt(page, '/credential')

    expect(before).toBe(0)
  })

  test('keeps trying while it cannot reach us, and says so', async () => {
    const { page, context } = await openLine()
    await page.getByText('12 people').first().waitFor()

    await context.route('**/credential/line/status**', (route) => route.abort('aborted'))
    await page.getByText('We cannot reach Anteroom right now.').waitFor()
    await context.unroute('**/credential/line/status**')
    await page.getByText('We are connected again.').waitFor({ timeout: 30_000 })
  })

  const notify = 'Tell me when my credential is ready'

  test('shows the place in the title for whoever wants to be told, by the keyboard too', async () => {
    const { page } = await openLine()
    const box = page.getByRole('checkbox', { name: notify })

    await box.focus()
    await page.keyboard.press('Space')
    desk.line.setStanding({ ...waitingStanding, ahead: 3 })
    await expect.poll(() => page.title()).toBe('(3) You are in line – Anteroom')
    await page.keyboard.press('Space')

    await expect.poll(() => page.title()).toBe('You are in line – Anteroom')
  })

  test('rings once to show how it sounds, and then when the credential is there and not before', async () => {
    const { page, context } = await open(await desk.inLine())
    let notes = 0
    await context.exposeFunction('noteRings', () => {
      notes += 1
    })
    await context.addInitScript(`
      const start = OscillatorNode.prototype.start
      OscillatorNode.prototype.start = function (...when) {
        noteRings()
        return start.apply(this, when)
      }`)
    const titles: string[] = []
    await context.exposeFunction('titled', (title: string) => titles.push(title))
    await page.goto('/credential/line')

    await page.getByRole('checkbox', { name: notify }).focus()
    await page.keyboard.press('Space')
    await expect.poll(() => notes).toBe(2)
    desk.line.setStanding({ ...waitingStanding, ahead: 0 })
    await page.getByText('You are next.').first().waitFor()
    desk.line.setStanding(called)
    await expect.poll(() => page.title()).toBe('We are making your credential – Anteroom')
    const atTheFront = notes
    await page.evaluate(
      `new MutationObserver(() => titled(document.title)).observe(document.querySelector('title'), { childList: true })`,
    )
    await desk.issue()
    await untilAt(page, '/credential')

    expect(atTheFront).toBe(2)
    expect(notes).toBe(4)
    expect(titles).toEqual(['✓ Your credential is ready – Anteroom'])
  })

  test('is left by a button, and a button leads back', async () => {
    const { page, inspect } = await openLine()

    const loaded = page.waitForEvent('domcontentloaded')
    desk.line.setStanding({ state: 'left', backUntil: Date.now() + 300_000 })
    await Promise.race([loaded, press(page, 'Leave the line')])
    await page.getByRole('heading', { name: 'You left the line' }).waitFor()
    await inspect('line-left')
    desk.line.setStanding(waitingStanding)
    await press(page, 'Take my place again')

    expect(await headingOf(page)).toBe('You are in line')
    expect(desk.line.calls).toContain('come back')
  })

  test('gives the loudspeaker back whenever nobody wants to be told any more', async () => {
    const { page, context } = await open(await desk.inLine())
    await context.addInitScript(`
      window.opened = []
      const AudioContextOfBrowser = AudioContext
      window.AudioContext = class extends AudioContextOfBrowser {
        constructor() {
          super()
          opened.push(this)
        }
      }`)
    await page.goto('/credential/line')

    for (let tick = 0; tick < 6; tick += 1) await page.locator('label[for="line-notify"]').click()

    const states = () => page.evaluate<string[]>('opened.map(({ state }) => state)')
    await expect.poll(states).toEqual(['closed', 'closed', 'closed'])
  })

  test.each([
    [{ state: 'gone', why: 'lapsed' }, 'Your place in line is gone'],
    [{ state: 'gone', why: 'moved' }, 'Your place moved to another device'],
    [
      { state: 'failed', reason: 'timed-out', keepsPlace: true },
      'Making your credential took too long',
    ],
  ] as const)('says what became of a place: %o', async (standing, heading) => {
    const { page, inspect } = await openLine()

    desk.line.setStanding(standing)

    await page.getByRole('heading', { name: heading }).waitFor()
    await inspect(`line-${standing.state}-${heading.length}`)
  })
})

test('an open page offers the file no longer than it is there, and says what to do then', async () => {
  const { page, inspect } = await open(await desk.inLine(), { statuses: [404] })
  await desk.issue()
  const { id } = desk.line.joined.at(-1)?.ticket ?? {}
  await desk.web.redis.expire(`outcome:${id}`, 4)
  await page.goto('/credential')
  const save = page.getByRole('link', { name: 'Save the PDF' })
  const offered = await save.isVisible()

  await save.focus()
  await page.getByRole('heading', { name: 'Your credential is no longer here' }).waitFor()
  const focused = await page.evaluate('document.activeElement.id')
  await inspect('credential-over')
  const stillOffered = await save.isVisible()
  const title = await page.title()
  await press(page, 'Check my details again')

  expect([offered, stillOffered]).toEqual([true, false])
  expect(title).toBe('Your credential is no longer here – Anteroom')
  expect(focused).toBe('credential-over')
  expect(pathOf(page)).toBe('/verify/check')
})

test('a start page leads whoever stands in line to their place', async () => {
  const { page, inspect } = await open(await desk.inLine())

  await page.goto('/')
  await inspect('start-in-line')
  await press(page, 'Go to your place.')

  expect(await headingOf(page)).toBe('You are in line')
})

test.each([
  [{ state: 'full', returnAt: Date.now() + 3_600_000 }, 503],
  [{ state: 'closed' }, 503],
  [{ state: 'limited', retryAt: Date.now() + 3_600_000 }, 429],
  [{ state: 'busy-elsewhere' }, 409],
] as const)('who is not let in sees a calm page: %o', async (refusal, status) => {
  const { page, inspect } = await open(await desk.verified(), { statuses: [status] })
  await page.goto('/credential/start')
  desk.line.refuse(refusal)

  await press(page, 'Join the line')

  await inspect(`line-refused-${refusal.state}`)
  expect(await page.getByRole('main').getByRole('link').last().textContent()).toMatch(/other ways/)
})
