import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

export interface Inspection {
  readonly name: string
  readonly javaScript: boolean
  /** The widths at which it is looked at, if not the usual ones. */
  readonly widths?: readonly number[]
  /** The width to go back to. */
  readonly width: number
  /** Rules of axe that this page breaks for a good reason. */
  readonly exceptions: readonly string[]
  readonly pictures: (page: Page, name: string) => Promise<void>
}

const usualWidths = [320, 1280]
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What everyone can use is reachable, readable and large enough on a phone and on a wide screen. */
export async function inspectPage(page: Page, inspection: Inspection): Promise<void> {
  const { name, javaScript, width, widths = usualWidths, exceptions, pictures } = inspection
  const looked = javaScript ? page : await mirror(page)
  const found: Record<string, unknown> = {}
  for (const at of widths) {
    await looked.setViewportSize({ width: at, height: 800 })
    found[`${name} at ${at}`] = [
      ...(await accessibilityFaults(looked, exceptions)),
      ...(await layoutFaults(looked)),
    ]
    await pictures(looked, `${name}-${at}`)
  }
  if (looked === page) await page.setViewportSize({ width, height: 800 })
  else await looked.context().close()
  // The walk goes on, so that one run tells of every page.
  expect.soft(found).toEqual(Object.fromEntries(Object.keys(found).map((at) => [at, []])))
}

/**
 * A page as it is without scripts, in a tab that runs them: axe is a script itself. What `noscript` holds is shown, as
 * it is there.
 */
async function mirror(page: Page): Promise<Page> {
  const html = (await page.content())
    .replace(/<script\b[^>]*><\/script>/g, '')
    .replace(/<\/?noscript>/g, '')
  const context = await page.context().browser()?.newContext()
  if (!context) throw new Error('The browser has gone')
  const copy = await context.newPage()
  await copy.route(page.url(), (route) => route.fulfill({ body: html, contentType: 'text/html' }))
  await copy.goto(page.url())
  return copy
}

async function accessibilityFaults(page: Page, exceptions: readonly string[]): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(rules)
    .disableRules([...exceptions])
    // There are no frames, so nothing has to be put together in a tab of its own.
    .setLegacyMode()
    .analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

async function layoutFaults(page: Page): Promise<string[]> {
  const root = page.locator(':root')
  const overflow: number = await root.evaluate((html) => html.scrollWidth - html.clientWidth)
  const moving: number = await root.evaluate((html) => html.ownerDocument.getAnimations().length)
  return [
    ...(overflow > 0 ? [`scrolls sideways by ${overflow} pixels`] : []),
    ...(moving > 0 ? ['something moves'] : []),
    ...(await smallTargets(page)),
  ]
}

/** Links within a line are as high as the line; that they are far enough apart is seen to by axe. */
function smallTargets(page: Page): Promise<string[]> {
  return page
    .locator('a, button, input:not([type="checkbox"]), .usa-checkbox__label, select, summary')
    .filter({ visible: true })
    .evaluateAll((targets) =>
      targets
        .filter((target) => !target.matches('.usa-skipnav:not(:focus)'))
        .filter((target) => target.computedStyleMap().get('display').value !== 'inline')
        .map((target) => ({ name: target.outerHTML, box: target.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 24 || box.height < 24)
        .map(({ name, box }) => `small, ${box.width} by ${box.height} pixels: ${name}`),
    )
}
