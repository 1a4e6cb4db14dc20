import { once } from 'node:events'
import { createServer } from 'node:net'
import { startProxy } from '@anteroom/infra/local/proxy.ts'
import { createMailClient, createOutboundAgent } from '@anteroom/vendor-clients'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { mailSender, startMailServer } from '../support/mail-server.ts'
import { scratchDirectory } from './local-scratch.ts'
import { callOptions, failureOf } from './vendor-stack.ts'

const server = await startMailServer(await scratchDirectory())
afterAll(() => server.stop())

const letter = {
  to: 'zephyrine@quackenbush.example',
  subject: 'Bestätigen Sie Ihre Adresse',
  text: 'Open https://id.example.gov/email/confirm/wS4T to go on.\n',
  html: '<!doctype html><p>Open <a href="https://id.example.gov/email/confirm/wS4T">it</a></p>',
}

test('a letter goes through the proxy and arrives as it was written', async () => {
  const before = server.proxy.connectsTo('mail.vendors.test')
  const options = callOptions()

  const sent = await server.client().send(letter, options)

  expect(sent).toEqual({ sent: true })
  expect(server.proxy.connectsTo('mail.vendors.test')).toBe(before + 1)
  expect(server.catcher.mailbox.all()[0]).toMatchObject({
    to: [letter.to],
    from: mailSender,
    subject: letter.subject,
    messageId: `<${options.idempotencyKey}@id.example.gov>`,
    html: expect.stringContaining(letter.html),
    links: ['https://id.example.gov/email/confirm/wS4T'],
  })
})

test('a letter that is sent again has the same Message-ID', async () => {
  const options = callOptions()

  await server.client().send(letter, options)
  await server.client().send(letter, options)

  const [last, before] = server.catcher.mailbox.all()
  expect(last?.messageId).toBe(before?.messageId)
})

test('an address with an accent outside ASCII is delivered to', async () => {
  const to = 'zoë@bücher.example'

  await server.client().send({ ...letter, to }, callOptions())

  expect(server.catcher.mailbox.all()[0]?.to).toEqual([to])
})

test('what is written into a letter adds no recipient and no header', async () => {
  const subject = 'Hello\r\nBcc: other@example.org'

  await server.client().send({ ...letter, subject }, callOptions())

  const [mail] = server.catcher.mailbox.all()
  expect(mail?.to).toEqual([letter.to])
  expect(mail?.subject).toBe('Hello Bcc: other@example.org')
})

test.each([
  ['refuses the recipient for good', 'bounce@example.org', 'VENDOR_REFUSED'],
  ['puts the recipient off', 'later@example.org', 'VENDOR_BUSY'],
])('a server that %s is understood, and nobody is quoted', async (_what, to, code) => {
  const error = await failureOf(server.client().send({ ...letter, to }, callOptions()))

  expect(error.code).toBe(code)
  expect(JSON.stringify([error.message, String(error.cause), { ...error }])).not.toContain(to)
})

test('a recipient who was put off gets the letter the next time', async () => {
  const to = 'later-or-never@example.org'
  await failureOf(server.client().send({ ...letter, to }, callOptions()))

  await server.client().send({ ...letter, to }, callOptions())

  expect(server.catcher.mailbox.all()[0]?.to).toEqual([to])
})

test.each([
  ['a wrong password', 'smtps://anteroom:wrong@mail.vendors.test', 'VENDOR_UNAVAILABLE'],
  ['a server that the proxy does not know', 'smtps://a:b@other.test', 'PROXY_UNAVAILABLE'],
])('%s is for operators to mend', async (_what, url, code) => {
  const error = await failureOf(server.client(url).send(letter, callOptions()))

  expect(error.code).toBe(code)
})

test('without the proxy there is no way out', async () => {
  const client = server.client(undefined, 'http://worker:x@127.0.0.1:9')

  const error = await failureOf(client.send(letter, callOptions()))

  expect(error.code).toBe('PROXY_UNAVAILABLE')
})

test('a server that says nothing is given up after the time that was given', async () => {
  const client = await clientOf(() => undefined)

  const error = await failureOf(client.send(letter, callOptions({ timeoutMs: 300 })))

  expect(error.code).toBe('VENDOR_TIMEOUT')
})

test('what is called off is sent no further', async () => {
  const client = await clientOf(() => undefined)
  const controller = new AbortController()

  const sending = failureOf(client.send(letter, callOptions({ signal: controller.signal })))
  setTimeout(() => controller.abort(), 100)

  expect((await sending).code).toBe('CALL_ABORTED')
})

test('a server without TLS is told nothing', async () => {
  const heard: string[] = []
  const client = await clientOf((socket) => {
    socket.write('220 here\r\n')
    socket.on('data', (data) => {
      heard.push(String(data))
      socket.write(/^(EHLO|HELO)/.test(String(data)) ? '250 here\r\n' : '502 no\r\n')
    })
  })

  const error = await failureOf(client.send(letter, callOptions()))

  expect(error.code).toBe('VENDOR_UNAVAILABLE')
  expect(heard.join('')).toMatch(/^EHLO/)
  expect(heard.join('')).not.toMatch(/MAIL FROM|AUTH|quackenbush/i)
})

/** A client of a server that behaves like this, behind a proxy of its own. */
async function clientOf(behave: (socket: import('node:net').Socket) => void) {
  const plain = createServer((socket) => {
    socket.on('error', () => undefined)
    behave(socket)
  }).listen(0, '127.0.0.1')
  await once(plain, 'listening')
  const address = plain.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const proxy = await startProxy({
    port: 0,
    credentials: { username: 'worker', password: 'word' },
    allow: { 'plain.test:587': { host: '127.0.0.1', port } },
  })
  onTestFinished(async () => {
    await proxy.stop()
    plain.close()
  })
  const agent = createOutboundAgent({ proxyUrl: proxy.url })
  return createMailClient({ smtpUrl: 'smtp://a:b@plain.test', from: mailSender, agent })
}
