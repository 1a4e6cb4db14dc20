import type { MailTemplate } from '@anteroom/job-contracts'
import { expect, test } from 'vitest'
import { englishWords } from './words.ts'
import { writeLetter } from './write-letter.ts'

const templates = Object.keys(englishWords) as MailTemplate[]
const mail = {
  to: 'zephyrine@quackenbush.example',
  template: 'confirm-address',
  language: 'en-US',
  link: 'https://id.example.gov/e-mail/confirm/wS4T?a=1&b=2',
} as const

test.each(templates)('%s says who writes, and where its link leads', (template) => {
  const { subject, text, html } = writeLetter({ ...mail, template }, 'Atlantis')

  expect(subject.length).toBeLessThan(60)
  expect(text).toContain('Atlantis')
  expect(text).toContain(`${englishWords[template].action}:\n${mail.link}\n`)
  expect(html).toContain('href="https://id.example.gov/e-mail/confirm/wS4T?a=1&amp;b=2"')
})

test('a letter fetches nothing and tells nobody that it was read', () => {
  for (const template of templates) {
    const { html } = writeLetter({ ...mail, template }, 'Atlantis')

    expect(html).not.toMatch(/<(img|link|script|iframe|object)\b|url\(|\bsrc=/i)
  }
})

test('the facts it has words for are named, and no others', () => {
  const values = {
    browser: 'Firefox',
    system: 'Android',
    factor: 'totp',
    at: '2026-11-23T13:05:00.000Z',
    secret: 'not for you',
  }

  const { text, html } = writeLetter({ ...mail, template: 'new-sign-in', values }, 'Atlantis')

  expect(text).toContain(
    'What: Authenticator app\nBrowser: Firefox\nSystem: Android\nWhen: November 23, 2026 at 1:05 PM UTC',
  )
  expect(html).toContain('Browser: <strong>Firefox</strong>')
  expect(text + html).not.toContain('not for you')
})

test('how long the link lasts stands below it', () => {
  const { text } = writeLetter({ ...mail, values: { minutes: '30' } }, 'Atlantis')

  expect(text).toContain(`${mail.link}\n\nThe link can be used once, within 30 minutes.`)
})

test('a link that leads to a new password says so, whatever its owner asked for', () => {
  const letters = (['recovery', 'already-an-account'] as const).map((template) =>
    writeLetter({ ...mail, template, values: { minutes: '60' } }, 'Atlantis'),
  )

  for (const { text } of letters) {
    expect(text).toContain(`Choose a new password:\n${mail.link}\n\nThe link can be used once`)
  }
})

test('a value is text and nothing else', () => {
  const values = { browser: '<img src=x onerror=alert(1)>', at: 'never' }

  const { html, text } = writeLetter({ ...mail, template: 'new-sign-in', values }, 'A & B')

  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(html).toContain('A &amp; B')
  expect(text).not.toContain('When:')
})
