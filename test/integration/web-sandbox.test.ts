import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startTestWeb } from '../support/web.ts'
import { scratchDirectory } from './local-scratch.ts'

const folder = await scratchDirectory()
const scenarios = join(folder, 'scenarios.json')
await writeFile(scenarios, '[{"group":"Identity","input":"900-12-3456","effect":"Passes"}]')
const web = await startTestWeb({
  ANTEROOM_SANDBOX_SCENARIOS_FILE: scenarios,
  ANTEROOM_SANDBOX_SPECIMENS_FOLDER: folder,
})
afterAll(() => web.stop())

test('the sandbox page is there before any document is drawn', async () => {
  const page = await web.app.inject({ url: '/sandbox' })

  expect(page.statusCode).toBe(200)
  expect(page.payload).not.toContain('/sandbox/specimens/')
})

test('it offers the documents that are there, to be saved', async () => {
  await writeFile(join(folder, 'license-front.jpg'), 'a photo')
  const index = [{ title: 'A license', files: ['license-front.jpg'] }]
  await writeFile(join(folder, 'index.json'), JSON.stringify(index))

  const page = await web.app.inject({ url: '/sandbox' })
  const file = await web.app.inject({ url: '/sandbox/specimens/license-front.jpg' })

  expect(page.payload).toContain('href="/sandbox/specimens/license-front.jpg"')
  expect(file.statusCode).toBe(200)
  expect(file.payload).toBe('a photo')
  expect(file.headers['content-type']).toBe('image/jpeg')
  expect(file.headers['content-disposition']).toBe('attachment')
})

test.each([
  'index.json',
  'scenarios.json',
  'none.jpg',
  '..%2Fscenarios.json',
  '%2Fetc%2Fpasswd',
  '',
])('"%s" is no document of it', async (name) => {
  expect((await web.app.inject({ url: `/sandbox/specimens/${name}` })).statusCode).toBe(404)
})
