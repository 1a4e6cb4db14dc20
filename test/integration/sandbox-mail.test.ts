import { afterAll, expect, test } from 'vitest'
import { startMailServer } from '../support/mail-server.ts'
import { scratchDirectory } from './local-scratch.ts'
import { callOptions } from './vendor-stack.ts'

const server = await startMailServer(await scratchDirectory())
afterAll(() => server.stop())

const send = (subject: string, text = 'Hello.') =>
  server
    .client()
    .send(
      { to: 'zephyrine@quackenbush.example', subject, text, html: '<p>Hello.</p>' },
      callOptions(),
    )

const page = async (path = '/') => {
  const response = await fetch(new URL(path, server.catcher.pageUrl))
  return { status: response.status, text: await response.text(), headers: response.headers }
}

test('the page lists what came, newest first, with links that can be followed', async () => {
  await send('First')
  await send('Second', 'Go to http://127.0.0.1:3000/email/confirm/a?b=1&c=2 now.')

  const { text } = await page()

  expect(text.indexOf('<h2>Second')).toBeLessThan(text.indexOf('<h2>First'))
  expect(text).toContain('<a href="http://127.0.0.1:3000/email/confirm/a?b=1&amp;c=2">')
})

test('what a letter says is text on the page, and cannot run', async () => {
  await send('<script>alert(1)</script>')

  const { text, headers } = await page()

  expect(text).toContain('<h2>&lt;script&gt;')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('programs get the same as JSON', async () => {
  await send('For programs', 'See https://id.example.gov/x')

  const { mails } = JSON.parse((await page('/mails.json')).text)

  expect(mails[0]).toMatchObject({
    subject: 'For programs',
    to: ['zephyrine@quackenbush.example'],
    links: ['https://id.example.gov/x'],
  })
})

test('a letter is shown as a mail program would, and other addresses are not there', async () => {
  await send('As it is')
  const [{ number } = { number: 0 }] = server.catcher.mailbox.all()

  expect((await page(`/html/${number}`)).text).toContain('<p>Hello.</p>')
  expect((await page('/html/999')).status).toBe(404)
  expect((await page('/else')).status).toBe(404)
})
