import { createHmac, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ListeningServer, listen } from '../../local/http-server.ts'
import { createWebhookDesk } from './webhook-desk.ts'

const key = randomBytes(32)
const desk = createWebhookDesk(`whsec_${key.toString('base64')}`)
let server: ListeningServer
beforeAll(async () => {
  server = await listen(
    createServer((request, response) => void desk.answer(request, response)),
    0,
  )
})
afterAll(() => server.stop())

interface Message {
  readonly id: string
  readonly body?: string
  readonly by?: Buffer
  readonly secondsAgo?: number
}

async function post({ id, body = '{}', by = key, secondsAgo = 0 }: Message): Promise<number> {
  const at = Math.floor(Date.now() / 1_000) - secondsAgo
  const signature = createHmac('sha256', by).update(`${id}.${at}.${body}`).digest('base64')
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': `${at}`,
    // As while a secret changes.
    'webhook-signature': `v1,${randomBytes(32).toString('base64')} v1,${signature}`,
  }
  return (await fetch(server.url, { method: 'POST', headers, body })).status
}

const shown = (id: string) =>
  desk.received().flatMap((it) => (it.id === id ? [[it.isGenuine, it.body]] : []))

test('a message that our secret signed is taken, and shown once however often it comes', async () => {
  const statuses = [
    await post({ id: 'a', body: '{"n":1}' }),
    await post({ id: 'a', body: '{"n":1}' }),
  ]

  expect(statuses).toEqual([204, 204])
  expect(shown('a')).toEqual([[true, '{"n":1}']])
})

test.each([
  ['that another secret signed', { by: randomBytes(32) }],
  ['of ten minutes ago', { secondsAgo: 600 }],
  ['of the future', { secondsAgo: -600 }],
])(
  'a message %s is refused, shown as such, and makes way for a genuine one',
  async (what, wrong) => {
    expect(await post({ id: what, ...wrong })).toBe(401)
    expect(shown(what)).toEqual([[false, '{}']])

    expect(await post({ id: what })).toBe(204)
    expect(await post({ id: what, ...wrong })).toBe(401)
    expect(shown(what)).toEqual([[true, '{}']])
  },
)

test('what is no message, or far too long, is refused and not kept', async () => {
  const before = desk.received().length

  expect(await post({ id: 'long', body: 'x'.repeat(70_000) })).toBe(413)
  expect((await fetch(server.url)).status).toBe(405)
  expect(desk.received()).toHaveLength(before)
})
