import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { specimenEntry } from '@anteroom/infra/local/specimen-index.ts'
import { scenarioGroups } from '@anteroom/infra/sandbox/scenario-groups.ts'
import { specimens } from '@anteroom/infra/specimens/index.ts'
import { afterAll, expect, test } from 'vitest'
import { startTestWeb } from '../support/web.ts'
import { scratchDirectory } from './local-scratch.ts'

const folder = await scratchDirectory()
const scenarios = join(folder, 'scenarios.json')
await writeFile(scenarios, JSON.stringify(scenarioGroups()))
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

test('it offers a file for each value that nobody types', async () => {
  const page = await web.app.inject({ url: '/sandbox' })
  const file = await web.app.inject({ url: '/sandbox/files/slow-5.yaml' })

  expect(page.payload).toContain('href="/sandbox/files/slow-5.yaml"')
  expect(file.payload).toBe('document:\n  first_name: Slow 5\n')
  expect(file.headers['content-type']).toContain('application/yaml')
  expect(file.headers['content-disposition']).toBe('attachment')
  expect((await web.app.inject({ url: '/sandbox/files/none.yaml' })).statusCode).toBe(404)
})

test('an index that another version wrote is none', async () => {
  const index = [{ title: 'A license', files: ['license-front.jpg'] }]
  await writeFile(join(folder, 'index.json'), JSON.stringify(index))

  const page = await web.app.inject({ url: '/sandbox' })

  expect(page.statusCode).toBe(200)
  expect(page.payload).not.toContain('/sandbox/specimens/')
})

test('it offers the documents that are there, to be saved', async () => {
  await writeFile(join(folder, 'license-front.jpg'), 'a photo')
  const index = specimens.map((specimen) => specimenEntry(specimen, ['license-front.jpg']))
  await writeFile(join(folder, 'index.json'), JSON.stringify(index))

  const page = await web.app.inject({ url: '/sandbox' })
  const file = await web.app.inject({ url: '/sandbox/specimens/license-front.jpg' })

  expect(page.payload).toContain('href="/sandbox/specimens/license-front.jpg"')
  expect(file.statusCode).toBe(200)
  expect(file.payload).toBe('a photo')
  expect(file.headers['content-type']).toBe('image/jpeg')
  expect(file.headers['content-disposition']).toBe('attachment')
})

test('it says which kind of ID to choose and what will happen', async () => {
  const rows = new Map(specimens.map((specimen) => [specimen.name, specimenEntry(specimen, [])]))
  const index = ['passport', 'back-blurred', 'barcode-scratched-with-zone'].map((name) =>
    rows.get(name),
  )
  await writeFile(join(folder, 'index.json'), JSON.stringify(index))

  const { payload } = await web.app.inject({ url: '/sandbox' })

  const table = payload.slice(payload.lastIndexOf('<table'))
  const cells = [...table.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map(([, cell]) => cell)
  expect(cells.slice(3)).toEqual([
    ...['A passport', 'Passport book', 'It is read, and you go on.'],
    ...[
      'The back a little out of focus',
      'Driver’s license',
      'Photo of the back: The photo is blurred.<br>',
    ],
    ...[
      'The barcode scratched, the machine-readable zone whole',
      'Driver’s license',
      'It is read without the bar code. You are asked to look closely.',
    ],
  ])
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
