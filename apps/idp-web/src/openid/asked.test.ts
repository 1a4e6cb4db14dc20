import { expect, test } from 'vitest'
import { askedBy } from './asked.ts'

const ial = (level: number) => `http://idmanagement.gov/ns/assurance/ial/${level}`

test.each([
  ['nothing but the subject', { scope: 'openid' }, { attributes: [], ial: 1, aal: 1 }],
  ['an address', { scope: 'openid email' }, { attributes: ['email'], ial: 1 }],
  [
    'what only proofed people have',
    { scope: 'openid profile:name' },
    { attributes: ['name', 'proofing'], ial: 2 },
  ],
  [
    'the same of whoever has it, proofed or not',
    { scope: 'openid profile:name', acr_values: ial(1) },
    { attributes: ['name'], ial: 1 },
  ],
  [
    'a proofing alone',
    { scope: 'openid', acr_values: ial(2) },
    { attributes: ['proofing'], ial: 2 },
  ],
  [
    'what stands inside verified_claims',
    {
      scope: 'openid',
      claims:
        '{"id_token":{"verified_claims":{"any_of":[{"claims":{"birthdate":null}},{"claims":{"address":null}}]}}}',
    },
    { attributes: ['birthdate', 'address', 'proofing'], ial: 2 },
  ],
  [
    'a value that nobody knows',
    { scope: 'openid', claims: '{"id_token":{"acr":{"essential":true,"values":["gold"]}}}' },
    { isImpossible: true },
  ],
])('a partner asks for %s', (_what, parameters, expected) => {
  expect(askedBy(parameters)).toMatchObject(expected)
})
