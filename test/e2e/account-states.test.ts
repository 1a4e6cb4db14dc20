import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAssetUrls } from '../../apps/idp-web/src/assets-manifest.ts'
import { renderHtml } from '../../apps/idp-web/src/html.ts'
import { accountSamples } from '../../apps/idp-web/test-data/account-samples.ts'
import { factorSamples } from '../../apps/idp-web/test-data/factor-samples.ts'
import { identitySamples } from '../../apps/idp-web/test-data/identity-samples.ts'
import { openidSamples } from '../../apps/idp-web/test-data/openid-samples.ts'
import { sampleView } from '../../apps/idp-web/test-data/sample-view.ts'
import { launchBrowser } from '../support/browser.ts'
import { inspectPage } from '../support/inspect-page.ts'
import { root } from '../support/root.ts'

const assetsFolder = join(root, 'apps/idp-web/dist/assets')
const site = 'http://localhost'

let browser: Browser
let page: Page
let shown = ''
beforeAll(async () => {
  browser = await launchBrowser()
  const context = await browser.newContext()
  page = await context.newPage()
  await page.route(`${site}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    if (!pathname.startsWith('/assets/')) {
      return route.fulfill({ body: shown, contentType: 'text/html; charset=utf-8' })
    }
    // How a page looks and what it says is the same without its scripts.
    if (pathname.endsWith('.js')) return route.fulfill({ body: '', contentType: 'text/javascript' })
    const isStyle = pathname.endsWith('.css')
    const contentType = isStyle ? 'text/css' : 'image/svg+xml'
    return route.fulfill({
      body: await readFile(join(assetsFolder, basename(pathname))),
      contentType,
    })
  })
})
afterAll(() => browser.close())

const view = { ...sampleView, assets: readAssetUrls(assetsFolder) }
const states = Object.entries({
  ...accountSamples(),
  ...factorSamples(),
  ...identitySamples(),
  ...openidSamples(),
})

// The walks see most pages in the state in which they find them; here is each in every other.
test.each(states)('nobody is kept out of the page “%s”', async (name, render) => {
  // A page that goes on by itself stays, to be looked at.
  shown = renderHtml(render(view)).replace(/<meta http-equiv="refresh"[^>]*>/, '')

  await page.goto(site)

  await inspectPage(page, {
    name,
    javaScript: true,
    width: 320,
    widths: [320],
    exceptions: [],
    pictures: async () => undefined,
  })
  expect(await page.title()).not.toBe('')
})
