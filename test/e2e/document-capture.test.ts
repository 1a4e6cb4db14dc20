import { randomBytes } from 'node:crypto'
import { type Specimen, specimens } from '@anteroom/infra/specimens/index.ts'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Visit } from '../support/browser.ts'
import { headingOf, press, untilAt } from '../support/browser-walk.ts'
import { type CaptureSite, startCaptureSite } from '../support/capture-site.ts'
import { findChromium } from '../support/chromium.ts'

let site: CaptureSite
let front: Buffer
let back: Buffer
beforeAll(async () => {
  const card = await filesOf('drivers-license')
  front = card.front
  back = card.back
  site = await startCaptureSite(front)
})
afterAll(() => site.stop())

describe('photos from files', () => {
  test('are sent ahead, sealed, as soon as they are chosen; the form carries what opens them', async () => {
    const { page, inspect } = await site.visit()

    await choose(page, 'front', front)
    await untilStatus(page, 'front', 'Your photo is with us.')
    await choose(page, 'back', back)
    await untilStatus(page, 'back', 'Your photo is with us.')
    await inspect('capture-both-sent')
    const sentAhead = site.bucket.stored.size
    await press(page, 'Send the photos')

    const [form] = site.sent
    expect(sentAhead).toBe(2)
    expect(site.asked.map(({ side, contentType, bytes }) => [side, contentType, bytes])).toEqual([
      ['front', 'image/jpeg', front.length],
      ['back', 'image/jpeg', back.length],
    ])
    expect(form?.contentType).toBe('application/x-www-form-urlencoded')
    expect(Object.keys(form?.fields ?? {}).sort()).toEqual(
      ['csrf', 'imageKey', ...fieldsOf('front'), ...fieldsOf('back')].sort(),
    )
    expect(form?.fields.front_iv).not.toBe(form?.fields.back_iv)
    expect(site.open('front').equals(front)).toBe(true)
    expect(site.open('back').equals(back)).toBe(true)
  })

  test('leave nothing in the page, in storage or in what the back button brings back', async () => {
    const { page } = await site.visit()
    await sendBoth(page)
    const html = await page.content()
    await press(page, 'Send the photos')
    const key = site.sent[0]?.fields.imageKey ?? 'none'

    await page.goBack()
    const stored = await page.locator('body').evaluate(async (body) => {
      const { localStorage, sessionStorage, indexedDB, caches } = body.ownerDocument.defaultView
      const databases = await indexedDB.databases()
      return [localStorage.length, sessionStorage.length, databases.length, await caches.keys()]
    })

    expect(html).not.toContain(key)
    expect(await page.content()).not.toContain(key)
    expect(stored).toEqual([0, 0, 0, []])
    expect(await page.locator('[data-side="front"]').getAttribute('data-state')).toBe('empty')
  })

  test('are told by their bytes, whatever they are called', async () => {
    const { page } = await site.visit()
    const png = await sharp(front).png().toBuffer()

    await choose(page, 'front', Buffer.from('not a photo'))
    const text = await statusOf(page, 'front')
    await choose(page, 'front', Buffer.from('GIF89a\u0001\u0000'))
    const gif = await statusOf(page, 'front')
    await choose(page, 'front', Buffer.from('\0\0\0\x24ftypheic\0\0\0\0mif1heic'))
    const heic = await statusOf(page, 'front')
    await choose(page, 'front', front.subarray(0, 200))
    const cut = await statusOf(page, 'front')
    const bomb = await filesOf('pixel-bomb')
    await choose(page, 'front', bomb.front)
    const exploded = await statusOf(page, 'front')
    await choose(page, 'front', png)
    await untilStatus(page, 'front', 'Your photo is with us.')

    expect([text, gif, heic]).toEqual(
      Array(3).fill('This is not a photo we can use. Choose a JPEG or PNG file.'),
    )
    expect([cut, exploded]).toEqual(
      Array(2).fill('We could not open this photo. Choose another one.'),
    )
    expect(site.asked).toMatchObject([{ contentType: 'image/png', bytes: png.length }])
  })

  test('that are too large are written anew as JPEG, and still show the same', async () => {
    const { page } = await site.visit()
    const width = 3_100
    const noise = randomBytes(width * 1_700 * 3)
    const raw = { width, height: 1_700, channels: 3 } as const
    const png = await sharp(noise, { raw }).png({ compressionLevel: 0 }).toBuffer()

    await choose(page, 'front', png)
    await untilStatus(page, 'front', 'Your photo is with us.')
    await choose(page, 'back', back)
    await untilStatus(page, 'back', 'Your photo is with us.')
    await press(page, 'Send the photos')

    const sent = await sharp(site.open('front')).metadata()
    expect(png.length).toBeGreaterThan(15 * 1024 * 1024)
    expect(sent).toMatchObject({ format: 'jpeg', width: 3_000, height: 1_645 })
  })

  test.each([
    ['blurred', 'front', 'It is blurred.'],
    ['back-blurred', 'back', 'It is blurred.'],
    ['dark', 'front', 'It is too dark.'],
    ['glare-on-barcode', 'back', 'Light shines on it.'],
    ['small', 'front', 'It is too small.'],
  ] as const)('are looked at before they are sent: %s', async (name, side, words) => {
    const { page } = await site.visit()
    const files = await filesOf(name)

    await choose(page, side, files[side])
    await page.getByRole('button', { name: 'Use this photo anyway' }).waitFor()
    const status = await statusOf(page, side)
    const askedBefore = site.asked.length
    await page.getByRole('button', { name: 'Use this photo anyway' }).click()
    await untilStatus(page, side, 'Your photo is with us.')

    expect(status).toContain(words)
    expect(status).toMatch(/^This photo may not work\. .* It is best to take another one\.$/)
    expect(askedBefore).toBe(0)
    expect(site.bucket.stored.size).toBe(1)
  })

  test('of the sandbox are YAML, where the page says so and nowhere else', async () => {
    const yaml = Buffer.from('document:\n  first_name: Susan\n')
    const plain = await site.visit()
    await choose(plain.page, 'front', yaml)
    const refused = await statusOf(plain.page, 'front')

    const { page } = await site.visit({ documentType: 'passport', fixtures: true })
    await page
      .locator('#front')
      .setInputFiles({ name: 'pass.yml', mimeType: 'text/yaml', buffer: yaml })
    await untilStatus(page, 'front', 'Your photo is with us.')
    const shown = await page.locator('[data-name]').textContent()
    await press(page, 'Send the photo')

    expect(refused).toMatch(/^This is not a photo/)
    expect(shown).toBe('pass.yml')
    expect(site.sent[0]?.fields.front_type).toBe('text/yaml')
    expect(site.open('front').equals(yaml)).toBe(true)
  })
})

describe('on a bad connection', () => {
  test('a photo is sent again by itself, and the person is told', async () => {
    const { page } = await trouble('busy', 'busy')

    await choose(page, 'front', front)
    await untilStatus(page, 'front', /^The connection was lost\. We keep your photo/)
    await untilStatus(page, 'front', 'Your photo is with us.')

    const [stored] = site.bucket.stored.keys()
    expect(site.bucket.puts()).toBe(3)
    expect(site.asked.map(({ uploadId }) => uploadId)).toEqual([undefined, stored, stored])
  })

  test('a photo that was chosen without any connection goes as soon as there is one', async () => {
    const { page, context, problems } = await site.visit()
    await context.setOffline(true)

    await choose(page, 'front', front)
    await untilStatus(page, 'front', /^The connection was lost/)
    await context.setOffline(false)
    const backAt = Date.now()
    await untilStatus(page, 'front', 'Your photo is with us.')

    expect(Date.now() - backAt).toBeLessThan(1_500)
    expect(problems.splice(0)).toContain(
      'failed: /verify/document/uploads net::ERR_INTERNET_DISCONNECTED',
    )
  })

  test('a connection that breaks off again and again costs no new photo', async () => {
    const { page, problems } = await trouble('cut', 'cut', 'cut', 'cut')

    await choose(page, 'front', front)
    await untilStatus(page, 'front', 'Your photo is with us.')
    await choose(page, 'back', back)
    await untilStatus(page, 'back', 'Your photo is with us.')
    await press(page, 'Send the photos')

    expect(problems.splice(0).join()).toMatch(/failed: .*ERR_(EMPTY_RESPONSE|CONNECTION_RESET)/)
    expect(site.open('front').equals(front)).toBe(true)
  })

  test('a photo that had arrived, although its answer was lost, is not sent twice', async () => {
    const { page } = await trouble('mute')

    await choose(page, 'front', front)
    await untilStatus(page, 'front', 'Your photo is with us.')

    expect(site.bucket.puts()).toBe(2)
    expect(site.bucket.stored.size).toBe(1)
  })

  test('a place that is no longer open is opened again', async () => {
    const { page } = await trouble('expired')

    await choose(page, 'front', front)
    await untilStatus(page, 'front', 'Your photo is with us.')

    const [stored] = site.bucket.stored.keys()
    expect(site.asked.map(({ uploadId }) => uploadId)).toEqual([undefined, stored])
  })

  test('what does not go at all can be tried again, with the same photo', async () => {
    const { page } = await trouble('refused')

    await choose(page, 'front', front)
    await untilStatus(page, 'front', /^We could not send your photo ahead\./)
    await page.getByRole('button', { name: 'Try to send it again' }).click()
    await untilStatus(page, 'front', 'Your photo is with us.')

    expect(site.bucket.stored.size).toBe(1)
  })

  test('where S3 cannot be reached at all, the photos go with the form', async () => {
    const { page, inspect } = await trouble('refused')

    await choose(page, 'front', front)
    await untilStatus(page, 'front', /send it with the form\.$/)
    await inspect('capture-failed')
    await page.getByRole('button', { name: 'Send it with the form' }).click()
    await choose(page, 'back', back)
    await untilStatus(page, 'back', 'Your photo is with us.')
    await press(page, 'Send the photos')

    const [form] = site.sent
    expect(form?.contentType).toBe('multipart/form-data')
    expect(Object.keys(form?.fields ?? {})).toEqual(['csrf'])
    expect(form?.files.front?.equals(front)).toBe(true)
    expect(form?.files.back?.equals(back)).toBe(true)
  })

  test('a photo can be called off, and nothing of it is handed in', async () => {
    const { page, inspect } = await trouble('hold')

    await choose(page, 'front', front)
    await untilStatus(page, 'front', 'Sending your photo.')
    const bar = page.getByRole('progressbar', { name: 'Sent so far' })
    await expect.poll(() => bar.getAttribute('value')).not.toBe(null)
    await inspect('capture-sending')
    await page.getByRole('button', { name: 'Cancel' }).click()
    const status = await statusOf(page, 'front')
    const isFocused = await page.locator('#front').evaluate((input) => input.matches(':focus'))
    await choose(page, 'front', back)
    await choose(page, 'back', front)
    await untilStatus(page, 'back', 'Your photo is with us.')
    await press(page, 'Send the photos')

    expect(status).toBe('Stopped. The photo was taken away.')
    expect(isFocused).toBe(true)
    expect(site.open('front').equals(back)).toBe(true)
  })

  test('sending waits for what is on its way, and says for what', async () => {
    const { page } = await trouble('hold')

    await choose(page, 'front', front)
    await choose(page, 'back', back)
    await untilStatus(page, 'back', 'Your photo is with us.')
    await page.getByRole('button', { name: 'Send the photos' }).click()
    const waiting = await page.locator('[data-overall]').textContent()
    const sentBefore = site.sent.length
    site.bucket.release()
    await untilAt(page, '/arrived')

    expect(waiting).toBe('Still sending: Front. We go on as soon as it is done.')
    expect(sentBefore).toBe(0)
    expect(site.open('front').equals(front)).toBe(true)
  })

  test('after too many photos the person is told how to go on', async () => {
    const { page } = await site.visit({}, { statuses: [429] })
    site.statuses.push(429)

    await choose(page, 'front', front)

    await untilStatus(page, 'front', /^We cannot take more photos right now\./)
  })

  test('a visit that has ended shows itself by loading the page again', async () => {
    const { page } = await site.visit({}, { statuses: [404] })
    site.statuses.push(404)

    const loaded = page.waitForEvent('domcontentloaded')
    await setFile(page, 'front', front)
    await loaded

    expect(site.asked).toHaveLength(1)
    expect(await statusOf(page, 'front')).toBe('')
  })
})

test('without a photo the form is not sent: the person is brought to where one is missing', async () => {
  const { page } = await site.visit()
  await choose(page, 'front', front)
  await untilStatus(page, 'front', 'Your photo is with us.')

  await page.getByRole('button', { name: 'Send the photos' }).click()

  const file = await announced(page, '#back')
  expect(await statusOf(page, 'back')).toBe('Before you go on, add a photo here.')
  expect(await overallOf(page)).toBe('Back: Before you go on, add a photo here.')
  expect(file).toMatchObject({ isFocused: true, isInvalid: true })
  expect(file.description).toMatch(/Before you go on, add a photo here\.$/)
  expect(site.sent).toEqual([])

  await choose(page, 'back', back)

  expect(await overallOf(page)).toBe('')
  expect(await announced(page, '#back')).toMatchObject({ isInvalid: false })
})

test('with a doubtful photo the form is not sent: the person hears why, and what they can do', async () => {
  const { page, inspect } = await site.visit({ documentType: 'passport' })
  const { front: blurred } = await filesOf('passport-blurred')
  await choose(page, 'front', blurred)

  await page.getByRole('button', { name: 'Send the photo' }).click()

  const status = await statusOf(page, 'front')
  const again = await announced(page, '[data-again]')
  const anyway = await announced(page, '[data-anyway]')
  expect(status).toMatch(/^This photo may not work\. It is blurred\./)
  expect(await overallOf(page)).toBe(`Page with your picture: ${status}`)
  expect(again).toMatchObject({ isFocused: true, description: status })
  expect(anyway.description).toBe(status)
  expect(site.sent).toEqual([])
  await inspect('capture-demanded')

  await page.getByRole('button', { name: 'Use this photo anyway' }).click()

  await untilStatus(page, 'front', 'Your photo is with us.')
  expect(await overallOf(page)).toBe('')
})

test('with a file that is no photo the form is not sent, and the file field says so', async () => {
  const { page } = await site.visit({ documentType: 'passport' })
  await choose(page, 'front', Buffer.from('text'))

  await page.getByRole('button', { name: 'Send the photo' }).click()

  const status = 'This is not a photo we can use. Choose a JPEG or PNG file.'
  const file = await announced(page, '#front')
  expect(await overallOf(page)).toBe(`Page with your picture: ${status}`)
  expect(file).toMatchObject({ isFocused: true, isInvalid: true })
  expect(file.description).toContain(status)
})

// What a camera sees is played as video; tests of everything else need none.
const { playsVideo } = await findChromium()

describe.runIf(playsVideo)('the camera', () => {
  const allowed = { browser: { permissions: ['camera'] } }

  test('shows what it sees, and its photo is sent like a file', async () => {
    const { page, inspect } = await site.visit({ documentType: 'passport' }, allowed)

    await page.getByRole('button', { name: 'Use this device’s camera' }).click()
    await page.getByText('The camera is on.').waitFor()
    await inspect('capture-camera')
    await page.getByRole('button', { name: 'Take the photo' }).click()
    await untilStatus(page, 'front', 'Your photo is with us.')
    const isOff = await page.locator('video').evaluate((video) => video.srcObject === null)
    const isFocused = await page
      .getByRole('button', { name: 'Take or choose another photo' })
      .evaluate((button) => button.matches(':focus'))
    await press(page, 'Send the photo')

    const taken = await sharp(site.open('front')).metadata()
    expect(taken).toMatchObject({ format: 'jpeg', width: 1_600, height: 1_062 })
    expect([isOff, isFocused]).toEqual([true, true])
  })

  test('can be closed with Escape, and is off then', async () => {
    const { page } = await site.visit({ documentType: 'passport' }, allowed)
    const button = page.getByRole('button', { name: 'Use this device’s camera' })

    await button.click()
    await page.getByText('The camera is on.').waitFor()
    await page.keyboard.press('Escape')

    await expect
      .poll(() => page.locator('video').evaluate((video) => video.srcObject === null))
      .toBe(true)
    expect(await page.locator('dialog[data-lens]').evaluate((dialog) => dialog.open)).toBe(false)
    expect(await button.evaluate((found) => found.matches(':focus'))).toBe(true)
  })

  test('that is blocked says so, and after three times leaves the way to files', async () => {
    const { page } = await site.visit({ documentType: 'passport' })
    const button = page.getByRole('button', { name: 'Use this device’s camera' })

    await button.click()
    await untilStatus(page, 'front', /^Your browser does not let us use the camera\./)
    await button.click()
    await untilStatus(page, 'front', /^Your browser does not let us use the camera\./)
    await button.click()
    await untilStatus(page, 'front', /^The camera does not work well here\./)

    expect(await button.isVisible()).toBe(false)
  })

  test('with few pixels is enough as long as they can be read', async () => {
    const { page } = await visitWithCamera({ width: 640, height: 480 })

    await page.getByRole('button', { name: 'Use this device’s camera' }).click()
    await page.getByText('The camera is on.').waitFor()
    await page.getByRole('button', { name: 'Take the photo' }).click()
    await untilStatus(page, 'front', 'Your photo is with us.')
    await press(page, 'Send the photo')

    const taken = await sharp(site.open('front')).metadata()
    expect(taken).toMatchObject({ width: 640, height: 480 })
  })

  test('that shows too little says so, and not to move closer', async () => {
    const { page } = await visitWithCamera({ width: 320, height: 240 })

    await page.getByRole('button', { name: 'Use this device’s camera' }).click()

    await page.getByText('This camera shows too little. Choose a photo instead.').waitFor()
    await page.getByRole('button', { name: 'Close the camera' }).click()
    expect(await page.locator('#front').isVisible()).toBe(true)
  })

  /** A passport, before a camera that gives so many pixels and no more. */
  async function visitWithCamera(size: { width: number; height: number }): Promise<Visit> {
    const visit = await site.visit({ documentType: 'passport' }, allowed)
    const video = { width: { exact: size.width }, height: { exact: size.height } }
    await visit.page.addInitScript(`
      const { mediaDevices } = navigator
      const open = mediaDevices.getUserMedia.bind(mediaDevices)
      mediaDevices.getUserMedia = () => open({ video: ${JSON.stringify(video)} })
    `)
    await visit.page.reload()
    return visit
  }
})

describe('without scripts, or where photos go through us', () => {
  test.each([
    ['scripts are off', { presigned: true }, { javaScript: false }],
    ['the deployment wants it so', { presigned: false }, {}],
  ] as const)('the form carries the photos when %s', async (_why, data, options) => {
    const visit = await site.visit(data, options)
    const { page } = visit

    await page
      .locator('#front')
      .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: front })
    await page
      .locator('#back')
      .setInputFiles({ name: 'b.jpg', mimeType: 'image/jpeg', buffer: back })
    await visit.inspect('capture-as-files')
    await press(page, 'Send the photos')

    const [form] = site.sent
    expect(form?.contentType).toBe('multipart/form-data')
    expect(Object.keys(form?.fields ?? {})).toEqual(['csrf'])
    expect(form?.files.front?.equals(front)).toBe(true)
    expect(form?.files.back?.equals(back)).toBe(true)
    expect(site.asked).toEqual([])
  })
})

test('every state of the page can be read and used by everyone', async () => {
  const { page, inspect } = await site.visit({
    problems: [{ side: 'back', reason: 'blurred' }],
    errors: { front: 'missing' },
  })
  const bad = await filesOf('blurred')

  await inspect('capture-errors')
  await choose(page, 'front', Buffer.from('text'))
  await untilStatus(page, 'front', /^This is not a photo/)
  const errors = await page.locator('[data-side] .usa-error-message').count()
  await choose(page, 'back', bad.back)
  await untilStatus(page, 'back', /^This photo may not work/)
  await inspect('capture-refused')

  expect(errors).toBe(0)
})

test.runIf(playsVideo)('a person who has only a keyboard hands in photos', async () => {
  const { page } = await site.visit(
    { documentType: 'passport' },
    { browser: { permissions: ['camera'] } },
  )

  await tabTo(page, 'Use this device’s camera')
  await page.keyboard.press('Enter')
  await page.getByText('The camera is on.').waitFor()
  await page.keyboard.press('Enter')
  await untilStatus(page, 'front', 'Your photo is with us.')
  await tabTo(page, 'Send the photo')
  await page.keyboard.press('Enter')
  await untilAt(page, '/arrived')

  expect(await headingOf(page)).toBe('Arrived')
  expect(site.bucket.stored.size).toBe(1)
})

type Conditions = Parameters<CaptureSite['bucket']['conditions']['push']>

/** A visit during which the next uploads go like this. */
async function trouble(...conditions: Conditions): Promise<Visit> {
  const visit = await site.visit({}, { statuses: [403, 405, 412, 503], unreachable: [] })
  site.bucket.conditions.push(...conditions)
  return visit
}

async function filesOf(name: string): Promise<{ front: Buffer; back: Buffer }> {
  const specimen: Specimen | undefined = specimens.find((each) => each.name === name)
  const files = await specimen?.files()
  if (!files) throw new Error('There is no such specimen')
  return { front: files.front, back: files.back ?? files.front }
}

/** Chooses a photo for a side, whatever is shown there now, and waits until it has been looked at. */
async function choose(page: Page, side: string, buffer: Buffer): Promise<void> {
  await setFile(page, side, buffer)
  const state = () => page.locator(`[data-side="${side}"]`).getAttribute('data-state')
  await expect.poll(state, { timeout: 20_000 }).not.toMatch(/^(empty|looking)$/)
}

function setFile(page: Page, side: string, buffer: Buffer): Promise<void> {
  const file = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer }
  return page.locator(`#${side}`).setInputFiles(file)
}

async function sendBoth(page: Page): Promise<void> {
  await choose(page, 'front', front)
  await choose(page, 'back', back)
  await untilStatus(page, 'front', 'Your photo is with us.')
  await untilStatus(page, 'back', 'Your photo is with us.')
}

async function statusOf(page: Page, side: string): Promise<string> {
  return (await page.locator(`[data-side="${side}"] [data-status]`).textContent()) ?? ''
}

async function untilStatus(page: Page, side: string, words: string | RegExp): Promise<void> {
  await expect.poll(() => statusOf(page, side), { timeout: 20_000 }).toMatch(words)
}

/** What is said beside the button at the end. */
async function overallOf(page: Page): Promise<string> {
  return (await page.locator('[data-overall]').textContent()) ?? ''
}

/** How someone who cannot see meets an element. */
async function announced(page: Page, selector: string) {
  const element = page.locator(selector)
  const ids = (await element.getAttribute('aria-describedby'))?.split(' ') ?? []
  const texts = await Promise.all(ids.map((id) => page.locator(`#${id}`).textContent()))
  return {
    isFocused: await element.evaluate((found) => found.matches(':focus')),
    isInvalid: (await element.getAttribute('aria-invalid')) === 'true',
    description: texts.join(' ').trim(),
  }
}

const fieldsOf = (side: string) => [`${side}_upload`, `${side}_iv`, `${side}_type`]

async function tabTo(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true })
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press('Tab')
    const outline = await page.locator(':focus').evaluate((focused) => {
      const style = focused.computedStyleMap()
      return `${style.get('outline-style')} ${style.get('outline-width')}`
    })
    expect(outline).toMatch(/^(auto .*|solid [2-9].*px)$/)
    if (await button.evaluate((found) => found.matches(':focus'))) return
  }
  throw new Error('Tab never got there')
}
