import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readySampleConsumer } from '@anteroom/infra/local/sample-consumer.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestSite, type TestSite } from '../support/browser.ts'
import { press, untilAt, walkToResult } from '../support/browser-walk.ts'

// What `pnpm dev` starts: the web, the worker, the registry, and the sample agency that takes credentials.
let site: TestSite
let key: string
beforeAll(async () => {
  site = await startTestSite()
  const { stack } = site.system
  const directory = dirname(stack.addresses.destinationsFile)
  key = await readFile(await readySampleConsumer(stack, directory), 'utf8')
})
afterAll(() => site.stop())

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('the credential that a person was issued and agreed to send stands at the agency, byte for byte, as a transfer of its own', async () => {
  const { page, context } = await site.open()
  await walkToResult(page)
  await press(page, 'Continue')
  await page.locator('#phone').fill('(703) 555-0142')
  await press(page, 'Send and check')
  await untilAt(page, '/verify/result')
  await press(page, 'Get your credential')
  await press(page, 'Join the line')
  await untilAt(page, '/credential')
  const issued = await (await context.request.get('/credential/file')).body()

  await press(page, 'Send it to an agency')
  await press(page, 'Sample Agency')
  await page.locator('label[for="agree"]').click()
  await press(page, 'Send it now')
  await page.getByRole('heading', { name: 'Your credential has arrived' }).waitFor()

  const arrived = await site.system.stack.agency.arrived()
  const answer = await fetch(`${site.system.web.url}/api/transfers`, {
    headers: { authorization: `Bearer ${key.trim()}` },
  })
  const { transfers } = JSON.parse(await answer.text())
  expect(arrived.map((file) => file.sha256)).toEqual([sha256(issued)])
  expect(transfers).toMatchObject([{ state: 'delivered', bytes: issued.length }])
})
