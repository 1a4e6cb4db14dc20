import { expect, onTestFinished, test } from 'vitest'
import { expectNoNotices } from '../support/openid-notices.ts'
import { taxesCallback } from '../support/openid-partners.ts'
import { startOpenidWeb } from '../support/openid-web.ts'
import { createVisitor } from '../support/web.ts'

expectNoNotices()

const query = new URLSearchParams({
  client_id: 'taxes',
  response_type: 'code',
  scope: 'openid',
  redirect_uri: taxesCallback,
  code_challenge: 'A'.repeat(43),
  code_challenge_method: 'S256',
})

test('behind a proxy that speaks https everything says so, and cookies are for https alone', async () => {
  const op = await startOpenidWeb({ ANTEROOM_PUBLIC_URL: 'https://idp.example' })
  onTestFinished(() => op.stop())
  const visitor = createVisitor(op.web.app)

  const answer = await visitor.get(`/openid/authorize?${query}`)
  const page = await visitor.get(new URL(answer.headers.location ?? '', 'https://x').pathname)

  const cookies = answer.cookies.filter(({ name }) => !name.endsWith('.sig'))
  expect(cookies.map(({ name }) => name)).toEqual([
    '__Secure-anteroom-openid-request',
    '__Secure-anteroom-openid-resume',
  ])
  for (const cookie of answer.cookies) {
    expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'lax' })
    expect(cookie.path).toMatch(/^\/openid\/(interaction|authorize)\/.{20,}$/)
  }
  expect(page.headers.location).toBe('/sign-in')
  expect((await visitor.get('/openid/jwks')).headers['cache-control']).toBe('public, max-age=3600')
})
