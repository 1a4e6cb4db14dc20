import { expect, test } from 'vitest'
import { withoutHints } from './without-hints.ts'

const claimsWithout = (claims: object) =>
  JSON.parse(
    withoutHints(new URLSearchParams({ claims: JSON.stringify(claims) })).get('claims') ?? '',
  )

test('whom a partner expects is not kept', () => {
  const kept = withoutHints(new URLSearchParams('scope=openid&login_hint=maria%40example.com'))

  expect([...kept]).toEqual([['scope', 'openid']])
})

test('claims are asked for without the values that they are to have', () => {
  const kept = claimsWithout({
    userinfo: { email: { value: 'maria@example.com', essential: true }, phone: 'Maria' },
    id_token: { given_name: { values: ['Maria', 'Mary'] }, family_name: null },
    note: 'Maria',
  })

  expect(kept).toEqual({
    userinfo: { email: { essential: true } },
    id_token: { given_name: {}, family_name: null },
  })
})

test('inside verified_claims too, where the framework and the level stay', () => {
  const verification = { trust_framework: { value: 'nist_800_63A' }, evidence: [{ name: 'Maria' }] }
  const one = { verification, claims: { given_name: { value: 'Maria' } } }
  const bare = {
    verification: { trust_framework: { value: 'nist_800_63A' } },
    claims: { given_name: {} },
  }

  expect(claimsWithout({ id_token: { verified_claims: one } })).toEqual({
    id_token: { verified_claims: bare },
  })
  expect(claimsWithout({ id_token: { verified_claims: [one, one] } })).toEqual({
    id_token: { verified_claims: [bare, bare] },
  })
})

test('how somebody is to sign in, and our own name for them, stay', () => {
  const id_token = { acr: { essential: true, values: ['a'] }, sub: { value: 'subject' } }

  expect(claimsWithout({ id_token })).toEqual({ id_token })
})

test.each(['{', '[]', '"Maria"', '{"userinfo":"x"}'])(
  '%s stays for the provider to refuse',
  (claims) => {
    expect(withoutHints(new URLSearchParams({ claims })).get('claims')).toBe(claims)
  },
)
