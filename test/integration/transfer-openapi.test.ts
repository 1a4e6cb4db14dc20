import { createHmac, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { problems } from '@anteroom/idp-web/transfers'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Contract, contractOf } from '../support/openapi-contract.ts'
import { goodRequest, startTransferDesk, type TransferDesk } from '../support/transfer-desk.ts'

let desk: TransferDesk
let key: string
let contract: Contract
beforeAll(async () => {
  desk = await startTransferDesk()
  key = await desk.consumer('permits-office')
  contract = contractOf((await desk.web.app.inject('/api/openapi.json')).json())
})
afterAll(() => desk.stop())

const create = 'post /api/transfers'
const list = 'get /api/transfers'
const show = 'get /api/transfers/{id}'
const cancel = 'post /api/transfers/{id}/cancel'

test('the document is for everybody, and needs no key', async () => {
  const answer = await desk.web.app.inject('/api/openapi.json')

  expect(answer.statusCode).toBe(200)
  expect(answer.headers['access-control-allow-origin']).toBe('*')
  expect(answer.json().openapi).toBe('3.1.1')
})

test('every refusal that the documents list is one of some operation', async () => {
  const { paths } = (await desk.web.app.inject('/api/openapi.json')).json()

  const told = new Set(JSON.stringify(paths).match(/[a-z]+(?:-[a-z]+)+|internal|unavailable/g))

  expect(Object.keys(problems).filter((code) => !told.has(code))).toEqual([])
})

test('the document is one of OpenAPI 3.1, as a validator of others sees it', async () => {
  const document = (await desk.web.app.inject('/api/openapi.json')).json()
  const validator = new Validator()

  const found = await validator.validate(document)
  const planted = await validator.validate({ ...document, paths: { 'no-slash': {} } })

  expect(found.errors).toBeUndefined()
  expect(found.valid).toBe(true)
  expect(validator.version).toBe('3.1')
  expect(planted.valid).toBe(false)
})

test('every example is what it is an example of', async () => {
  const text = (await desk.web.app.inject('/api/openapi.json')).payload
  const examples: [string, unknown][] = []
  JSON.parse(text, (_key, value) => {
    if (value?.example) examples.push([value.schema.$ref.split('/').at(-1), value.example])
    return value
  })

  expect(new Set(examples.map(([name]) => name)).size).toBe(4)
  for (const [name, example] of examples) {
    expect(contract.schemaProblemsOf(name, example)).toEqual([])
  }
})

test('what the document takes for a request is one, and what it does not is none', () => {
  expect(contract.schemaProblemsOf('TransferRequest', goodRequest)).toEqual([])
  expect(contract.schemaProblemsOf('TransferRequest', { ...goodRequest, x: 1 })).not.toEqual([])
})

test('every real answer is one that the document describes', async () => {
  const seen = new Set<string>()
  const problems: string[] = []
  const check = async (
    operation: string,
    asking: Promise<Awaited<ReturnType<TransferDesk['ask']>>>,
  ) => {
    const answer = await asking
    seen.add(`${operation} ${answer.statusCode}`)
    problems.push(...contract.problemsOf(operation, answer))
    return answer
  }
  const get = (path: string, headers = {}) => desk.ask(key, { method: 'GET', path, headers })
  const named = { 'idempotency-key': 'once' }
  const eager = await desk.consumer('eager-office', { perMinute: 1 })
  const closed = await desk.consumer('closed-office')
  await desk.web.database
    .pool('ops')
    .query(`select ops.set_transfer_consumer_active('ada', 'closed-office', false)`)

  const taken = await check(create, desk.ask(key, { body: goodRequest, headers: named }))
  const { id } = taken.json()
  await check(create, desk.ask(key, { body: goodRequest, headers: named }))
  await check(create, desk.ask(key, { body: { ...goodRequest, webhook: false }, headers: named }))
  await check(show, get(`/${id}`))
  await desk.report(id, { state: 'waiting', reason: 'internal', nextTry: Date.now() })
  await check(show, get(`/${id}`))
  await check(cancel, desk.ask(key, { path: `/${await desk.transfer(key)}/cancel` }))
  await desk.delivered(id)
  await check(show, get(`/${id}`, { prefer: 'wait=1' }))
  await check(create, desk.ask(key, { body: goodRequest, headers: { ...named, prefer: 'wait=1' } }))
  await check(cancel, desk.ask(key, { path: `/${id}/cancel` }))
  const begun = await desk.transfer(key)
  await desk.web.database.pool('admin').query('delete from graphile_worker._private_jobs')
  await check(cancel, desk.ask(key, { path: `/${begun}/cancel` }))
  await check(list, get('?limit=1'))
  await check(list, get('?state=delivered'))
  await check(list, get('?limit=0'))
  await check(create, desk.ask(key, { body: '{' }))
  await check(create, desk.ask(key, { body: { ...goodRequest, x: 'x'.repeat(20_000) } }))
  await check(create, desk.ask(key, { body: 'a', headers: { 'content-type': 'text/plain' } }))
  await check(
    create,
    desk.ask(key, {
      body: { ...goodRequest, source: { type: 's3', bucket: 'not-ours', key: 'a' } },
    }),
  )
  const letGo = await desk.hold('permits-office', 'held')
  await check(create, desk.ask(key, { body: goodRequest, headers: { 'idempotency-key': 'held' } }))
  await letGo()
  await check(list, desk.ask(eager, { method: 'GET' }))
  for (const operation of [create, list, show, cancel]) {
    const method = operation.startsWith('get') ? 'GET' : 'POST'
    const path = operation.includes('{id}')
      ? `/${'A'.repeat(22)}${operation.includes('cancel') ? '/cancel' : ''}`
      : ''
    for (const asking of [
      desk.ask('none', { method, path }),
      desk.ask(closed, { method, path }),
      desk.ask(eager, { method, path }),
      desk.ask(key, { method, path, headers: { 'x-request-id': 'a b' } }),
      desk.ask(key, { method, path, ...(method === 'POST' && { body: {} }) }),
    ]) {
      await check(operation, asking)
    }
  }

  expect(problems).toEqual([])
  // Two of the statuses need something of ours to fail.
  const unseen = contract.declared.filter((it) => !seen.has(it) && !/ 50[03]$/.test(it))
  expect(unseen).toEqual([])
})

test('the reference page says all of it, and loads nothing but our own styles', async () => {
  const page = (await desk.web.app.inject('/api')).payload
  const { paths, components } = (await desk.web.app.inject('/api/openapi.json')).json()

  for (const path of Object.keys(paths)) expect(page).toContain(path)
  for (const name of Object.keys(components.schemas)) expect(page).toContain(`id="${name}"`)
  expect(page).toContain('id="idempotency-key-reused"')
  expect(page).not.toMatch(/<script/)
  expect(page.match(/src="https?:|<link[^>]+href="https?:/g)).toBeNull()
})

test('the code of the page by which a webhook is verified takes what was signed, and nothing else', async () => {
  const page = (await desk.web.app.inject('/api')).payload
  const code = /aria-label="Verifying a message"><code>(.*?)<\/code>/s.exec(page)?.[1] ?? ''
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-'))
  const text = code.replace(/&#(\d+);/g, (_all, point) => String.fromCodePoint(point))
  await writeFile(join(folder, 'verify.mjs'), text)
  const { isGenuine } = await import(join(folder, 'verify.mjs'))
  await rm(folder, { recursive: true })
  const key = randomBytes(32)
  const secret = `whsec_${key.toString('base64')}`
  const signed = (at: number, by = key) => ({
    'webhook-id': 'm1',
    'webhook-timestamp': `${at}`,
    'webhook-signature': `v1,b2xk v1,${createHmac('sha256', by).update(`m1.${at}.{}`).digest('base64')}`,
  })
  const now = Math.floor(Date.now() / 1_000)

  expect(isGenuine(signed(now), '{}', secret)).toBe(true)
  expect(isGenuine(signed(now), '{ }', secret)).toBe(false)
  expect(isGenuine(signed(now, randomBytes(32)), '{}', secret)).toBe(false)
  expect(isGenuine(signed(now - 400), '{}', secret)).toBe(false)
  expect(isGenuine({ ...signed(now), 'webhook-signature': undefined }, '{}', secret)).toBe(false)
})

test('there is no API where there are no destinations', async () => {
  const { startTestWeb } = await import('../support/web.ts')
  const web = await startTestWeb()

  const answers = [await web.app.inject('/api'), await web.app.inject('/api/transfers')]
  await web.stop()

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404])
})
