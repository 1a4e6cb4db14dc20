import { expect, test } from 'vitest'
import { isList, verifiedRequests, withoutLists } from './verified-request.ts'

test('a list becomes an object, which the provider does not drop, and means what it meant', () => {
  const list = [{ claims: { given_name: null } }, { claims: { birthdate: null } }]

  const claims = JSON.parse(withoutLists(JSON.stringify({ id_token: { verified_claims: list } })))

  const { verified_claims } = claims.id_token
  expect(isList(verified_claims)).toBe(true)
  expect(verifiedRequests(verified_claims).map((one) => one.claims)).toEqual([
    ['given_name'],
    ['birthdate'],
  ])
})

test.each(['', 'no json', '[]', '7', '{"id_token":[]}', '{"id_token":{"email":null}}'])(
  'what has no list in it stays as it is: %j',
  (claims) => {
    expect(withoutLists(claims)).toBe(claims)
  },
)
