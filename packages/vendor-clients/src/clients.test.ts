import { expect, test } from 'vitest'
import type { z } from 'zod'
import { createAddressClient } from './address/client.ts'
import type { CallOptions, VendorHttp } from './http.ts'
import { createRegistryClient } from './registry/client.ts'
import { registryReply } from './registry/reply.ts'
import { createResolutionClient } from './resolution/client.ts'
import { createStateIdClient } from './state-id/client.ts'
import { vendorReply } from './vendor-answer.ts'

const applicant = {
  firstName: 'Maria',
  lastName: 'Okafor',
  dateOfBirth: '1986-04-12',
  ssn: '900123456',
  address1: '100 Example Street',
  address2: 'Floor 2',
  city: 'Seattle',
  state: 'WA',
  zipCode: '98109',
  stateIdNumber: 'WDLABCD456DG',
  stateIdJurisdiction: 'WA',
  phone: '+17035551234',
}
const person = { first_name: 'Maria', last_name: 'Okafor', date_of_birth: '1986-04-12' }
const home = {
  address1: '100 Example Street',
  address2: 'Floor 2',
  city: 'Seattle',
  state: 'WA',
  zip_code: '98109',
}

test.each([
  ['resolution', createResolutionClient, { ...person, ...home, ssn: '900123456' }],
  [
    'state-id',
    createStateIdClient,
    { ...person, state_id_number: 'WDLABCD456DG', state_id_jurisdiction: 'WA' },
  ],
  ['address', createAddressClient, { ...person, ...home, phone: '+17035551234' }],
])('the %s vendor is told what it needs and nothing more', async (vendor, createClient, told) => {
  const door = recordingDoor({ transaction_id: 'r-1', result: 'no_match', reasons: ['ssn'] })

  const answer = await createClient(door.http).check(applicant, options)

  expect(door.asked).toEqual([{ path: `/v1/${vendor}`, body: told }])
  expect(answer).toEqual({ match: false, reference: 'r-1' })
})

test.each([
  {},
  { transaction_id: 'r-1' },
  { transaction_id: 'r-1', result: 'MATCH' },
  { transaction_id: 'r-1', result: true },
  { transaction_id: '', result: 'match' },
  { transaction_id: 'r 1\n', result: 'match' },
  { transaction_id: 'r'.repeat(129), result: 'match' },
  { transaction_id: 7, result: 'match' },
])('%o is no reply', (reply) => {
  expect(vendorReply.safeParse(reply).success).toBe(false)
})

const entry = {
  number: 'K7Q2-4821-9930',
  valid_from: '2026-11-23',
  valid_until: '2028-11-22',
  reference: 'r-1',
}

test('the registry is told what is printed on a credential and nothing more', async () => {
  const door = recordingDoor(entry)

  const entered = await createRegistryClient(door.http).enter(applicant, options)

  expect(door.asked).toEqual([{ path: '/v1/credentials', body: person }])
  expect(entered).toEqual({
    number: 'K7Q2-4821-9930',
    validFrom: '2026-11-23',
    validUntil: '2028-11-22',
    reference: 'r-1',
  })
})

test.each([
  { number: 'k7q2-4821-9930' },
  { number: 'K7Q' },
  { number: undefined },
  { valid_from: '2026-11-31' },
  { valid_from: '2028-11-23' },
  { valid_until: 'never' },
  { reference: 'r 1' },
])('an entry with %o is none', (changes) => {
  expect(registryReply.safeParse({ ...entry, ...changes }).success).toBe(false)
})

const options: CallOptions = {
  signal: new AbortController().signal,
  idempotencyKey: 'key',
  traceparent: 'trace',
  timeoutMs: 1_000,
}

/** Stands where the network would be. */
function recordingDoor(reply: unknown) {
  const asked: unknown[] = []
  const http: VendorHttp = {
    async post<Reply>({
      path,
      body,
      reply: schema,
    }: {
      path: string
      body: object
      reply: z.ZodType<Reply>
    }) {
      asked.push({ path, body })
      return schema.parse(reply)
    },
  }
  return { http, asked }
}
