import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { findChromium } from './chromium.ts'
import { type Inspection, inspectPage } from './inspect-page.ts'
import { startTestSystem, type TestSystem } from './walk.ts'

/** Both services with everything around them, and a real Chromium in front. */
export interface TestSite {
  readonly system: TestSystem
  /** Someone new with a browser of their own, until the test ends. The test fails if anything went wrong in it. */
  open(options?: VisitOptions): Promise<Visit>
  stop(): Promise<void>
}

export interface VisitOptions {
  readonly javaScript?: boolean
  readonly width?: number
  /** Statuses from 400 that the test brings about itself. */
  readonly statuses?: readonly number[]
  /** Paths that this browser cannot reach. */
  readonly unreachable?: readonly string[]
  readonly browser?: BrowserContextOptions
}

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Every address that any tab asked for. */
  readonly requested: readonly string[]
  /** Paths the first tab has gone to, in order. */
  readonly visited: readonly string[]
  /** Everything that went wrong so far: errors of scripts and of the policy, requests that failed. */
  readonly problems: string[]
  /** Looks at the page as it stands, at 320 and 1280 pixels: nothing to object to. Leaves pictures if asked for. */
  inspect(name: string, options?: Partial<Pick<Inspection, 'exceptions'>>): Promise<void>
}

export async function startTestSite(
  settings: Parameters<typeof startTestSystem>[0] = {},
): Promise<TestSite> {
  const [system, browser] = await Promise.all([startTestSystem(settings), launchBrowser()])
  return {
    system,
    open: (options = {}) => openVisit(browser, system.web.url, options),
    async stop() {
      await Promise.all([browser.close(), system.stop()])
    },
  }
}

async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await findChromium()
  return chromium.launch({ executablePath, env: { ...process.env, ...env } })
}

async function openVisit(browser: Browser, baseURL: string, options: VisitOptions): Promise<Visit> {
  const { javaScript = true, width = 1280, unreachable = [] } = options
  const context = await browser.newContext({
    baseURL,
    javaScriptEnabled: javaScript,
    viewport: { width, height: 800 },
    ...options.browser,
  })
  context.setDefaultTimeout(15_000)
  for (const path of unreachable) await context.route(`**${path}`, (route) => route.abort())
  const requested: string[] = []
  context.on('request', (request) => requested.push(request.url()))
  const problems = collectProblems(context, options)
  const page = await context.newPage()
  const visited: string[] = []
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) visited.push(new URL(frame.url()).pathname)
  })
  onTestFinished(async () => {
    await context.close()
    expect(problems).toEqual([])
  })
  return {
    page,
    context,
    requested,
    visited,
    problems,
    inspect: (name, { exceptions = [] } = {}) =>
      inspectPage(page, {
        name: javaScript ? name : `${name}-without-scripts`,
        javaScript,
        exceptions,
        width,
        pictures,
      }),
  }
}

function collectProblems(context: BrowserContext, options: VisitOptions): string[] {
  const { statuses = [], unreachable = [] } = options
  const problems: string[] = []
  context.on('weberror', (error) => problems.push(`error: ${error.error().message}`))
  context.on('console', (message) => {
    // What could not be loaded is told by the request itself, with its address.
    const isAboutLoading = message.text().startsWith('Failed to load resource')
    if (['error', 'warning'].includes(message.type()) && !isAboutLoading) {
      problems.push(`console: ${message.text()}`)
    }
  })
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    const { pathname } = new URL(request.url())
    // Aborted: the person went on to another page before this one was all there.
    if (reason === 'net::ERR_ABORTED' || unreachable.includes(pathname)) return
    problems.push(`failed: ${pathname} ${reason}`)
  })
  context.on('response', (response) => {
    const status = response.status()
    if (status < 400 || statuses.includes(status)) return
    problems.push(`answered: ${new URL(response.url()).pathname} ${status}`)
  })
  return problems
}

const picturesFolder = process.env.ANTEROOM_E2E_SCREENSHOTS

/** Pictures of every page are left in the folder `ANTEROOM_E2E_SCREENSHOTS`. */
async function pictures(page: Page, name: string): Promise<void> {
  if (!picturesFolder) return
  await mkdir(picturesFolder, { recursive: true })
  await page.screenshot({ path: join(picturesFolder, `${name}.png`), fullPage: true })
}
