import { expect, test } from 'vitest'
import { partnersSchema } from './partners.ts'
import { subjectFor } from './subjects.ts'

const key = new Uint8Array(32).fill(1)

function partner(changes: object = {}) {
  const [one] = partnersSchema.parse({
    partners: [
      {
        id: 'one',
        name: 'One',
        redirect_uris: ['https://one.example/'],
        client_auth: 'client_secret_basic',
        secret_hashes: ['A'.repeat(43)],
        ...changes,
      },
    ],
  }).partners
  if (!one) throw new Error('No partner')
  return one
}

test('a subject never changes, whatever this code becomes', () => {
  expect(subjectFor(key, partner(), 'account')).toBe('Oba-OTlHVULD4BdQ_p6OxEVnj4NT0uHTl2AmNkL_H1o')
})

test('partners of one sector know a person alike, others do not', () => {
  const one = subjectFor(key, partner({ sector: 'agency.example' }), 'account')
  const same = { id: 'two', redirect_uris: ['https://two.example/'], sector: 'agency.example' }

  expect(subjectFor(key, partner(same), 'account')).toBe(one)
  expect(subjectFor(key, partner(), 'account')).not.toBe(one)
  expect(subjectFor(key, partner({ sector: 'agency.example' }), 'other')).not.toBe(one)
})
