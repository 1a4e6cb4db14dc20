import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Goes to a link or button of the page's main part by Tab alone, and follows or presses it. */
export async function choose(page: Page, role: 'link' | 'button', name: string): Promise<void> {
  await tabTo(page, page.getByRole('main').getByRole(role, { name, exact: true }))
  await page.keyboard.press('Enter')
}

const mostStops = 60

/** Presses Tab until the target has the focus. At every stop on the way the focus can be seen. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < mostStops; stop += 1) {
    await page.keyboard.press('Tab')
    const { name, isSeen, isTarget } = await focusSeenFrom(target)
    if (!isSeen) await untilSeen(target, name)
    if (isTarget) return
  }
  throw new Error('Tab never got there')
}

/** What slides in is seen once it is there. */
async function untilSeen(target: Locator, name: string): Promise<void> {
  const isSeen = async () => (await focusSeenFrom(target)).isSeen
  await expect.poll(isSeen, { message: `the focus on ${name}` }).toBe(true)
}

interface Focus {
  readonly name: string
  readonly isSeen: boolean
  readonly isTarget: boolean
}

/** After the last element the focus is with the browser itself. That of a checkbox is shown beside its label. */
function focusSeenFrom(target: Locator): Promise<Focus> {
  return target.evaluate((element) => {
    const { activeElement: focused, body, defaultView: view } = element.ownerDocument
    const isCheckbox = focused.matches('.usa-checkbox__input')
    const shown = isCheckbox ? focused.nextElementSibling : focused
    const style = view.getComputedStyle(shown, isCheckbox ? '::before' : undefined)
    const box = shown.getBoundingClientRect()
    const isOutlined =
      style.outlineStyle === 'auto' ||
      (style.outlineStyle === 'solid' && Number.parseFloat(style.outlineWidth) >= 2)
    const middle = (box.top + box.bottom) / 2
    const isInView = middle > 0 && middle < view.innerHeight
    return {
      name: focused.outerHTML.slice(0, 150),
      isSeen: focused === body || (isOutlined && isInView),
      isTarget: focused === element,
    }
  })
}
