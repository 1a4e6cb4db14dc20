import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import {
  type Applicant,
  applicant,
  callOptions,
  createClients,
  failureOf,
  startVendorStack,
} from './vendor-stack.ts'

const { ca, proxy, vendors } = await startVendorStack()
const clients = createClients({ proxyUrl: proxy.url, ca })
const vendorNames = ['resolution', 'state-id', 'address'] as const

test.each(vendorNames)('the %s vendor matches a person that the sandbox knows', async (vendor) => {
  const answer = await clients[vendor].check(applicant, callOptions())

  expect(answer).toEqual({ match: true, reference: expect.stringMatching(/^[\w-]{20,}$/) })
})

test.each([
  ['resolution', { ssn: '987654321' }],
  ['resolution', { ssn: '123004567' }],
  ['state-id', { stateIdNumber: 'MVANOMATCH' }],
  ['address', { phone: '+17035555777' }],
] as const)('the %s vendor says no without saying which field for %o', async (vendor, changes) => {
  const answer = await clients[vendor].check({ ...applicant, ...changes }, callOptions())

  expect(answer).toEqual({ match: false, reference: expect.any(String) })
})

interface Failing {
  readonly vendor: (typeof vendorNames)[number]
  readonly changes: Partial<Applicant>
  readonly code: string
  readonly cause?: string
}

const failing: Failing[] = [
  { vendor: 'resolution', changes: { ssn: '000000000' }, code: 'VENDOR_UNAVAILABLE' },
  {
    vendor: 'resolution',
    changes: { ssn: '219099999' },
    code: 'VENDOR_REFUSED',
    cause: 'HTTP_422',
  },
  {
    vendor: 'resolution',
    changes: { firstName: 'Fail' },
    code: 'VENDOR_UNAVAILABLE',
    cause: 'HTTP_500',
  },
  { vendor: 'resolution', changes: { firstName: 'Time' }, code: 'VENDOR_TIMEOUT' },
  { vendor: 'state-id', changes: { stateIdNumber: 'MVATIMEOUT' }, code: 'VENDOR_TIMEOUT' },
  { vendor: 'state-id', changes: { stateIdNumber: 'MVAFAIL' }, code: 'VENDOR_UNAVAILABLE' },
  { vendor: 'address', changes: { phone: '+17035555888' }, code: 'VENDOR_TIMEOUT' },
  { vendor: 'address', changes: { phone: '+17035555999' }, code: 'VENDOR_UNAVAILABLE' },
  ...vendorNames.flatMap((vendor): Failing[] => [
    { vendor, changes: { firstName: 'Slow 3' }, code: 'VENDOR_TIMEOUT' },
    { vendor, changes: { firstName: 'Garble' }, code: 'VENDOR_REPLY_INVALID', cause: 'NOT_JSON' },
    { vendor, changes: { firstName: 'Misfit' }, code: 'VENDOR_REPLY_INVALID', cause: 'SCHEMA' },
    { vendor, changes: { firstName: 'Huge' }, code: 'VENDOR_REPLY_INVALID', cause: 'TOO_LARGE' },
    { vendor, changes: { firstName: 'Bomb' }, code: 'VENDOR_REPLY_INVALID', cause: 'TOO_LARGE' },
    { vendor, changes: { firstName: 'Redirect' }, code: 'VENDOR_REPLY_INVALID', cause: 'HTTP_307' },
    { vendor, changes: { firstName: 'Drip' }, code: 'VENDOR_TIMEOUT' },
  ]),
]

test.each(failing)(
  '$vendor with $changes ends as $code, with nothing of the person or the vendor in the error',
  async ({ vendor, changes, code, cause }) => {
    const person = { ...applicant, ...changes }
    const startedAt = performance.now()

    const error = await failureOf(clients[vendor].check(person, callOptions({ timeoutMs: 1_000 })))

    expect(error.code).toBe(code)
    if (cause) expect(error.cause).toMatchObject({ message: cause })
    expect(performance.now() - startedAt).toBeLessThan(1_400)
    expectNothingTold(error)
  },
)

test.each(['Time', 'Drip', 'Slow 30'])(
  'a call to a vendor that is %s ends when its time is up',
  async (firstName) => {
    const startedAt = performance.now()

    await failureOf(
      clients.resolution.check({ ...applicant, firstName }, callOptions({ timeoutMs: 300 })),
    )

    const tookMs = performance.now() - startedAt
    expect(tookMs).toBeGreaterThan(295)
    expect(tookMs).toBeLessThan(600)
  },
)

test('a vendor that takes its time is waited for', async () => {
  const startedAt = performance.now()

  const answer = await clients.address.check({ ...applicant, firstName: 'Slow 1' }, callOptions())

  expect(answer.match).toBe(true)
  expect(performance.now() - startedAt).toBeGreaterThan(990)
})

test('a wait longer than the idle time of a tunnel is still answered', async () => {
  const options = callOptions({ timeoutMs: 20_000 })

  const answer = await clients.resolution.check({ ...applicant, firstName: 'Slow 12' }, options)

  expect(answer.match).toBe(true)
})

test('a redirect is not followed', async () => {
  const key = callOptions().idempotencyKey

  await failureOf(
    clients.resolution.check(
      { ...applicant, firstName: 'Redirect' },
      callOptions({ idempotencyKey: key }),
    ),
  )

  expect(callsOf(key).map(({ vendor }) => vendor)).toEqual(['resolution'])
})

test('a failed call is not repeated', async () => {
  const options = callOptions()

  await failureOf(clients.resolution.check({ ...applicant, firstName: 'Fail' }, options))

  expect(callsOf(options.idempotencyKey)).toMatchObject([{ count: 1, billed: 0 }])
})

test('a repetition with the same key is the same transaction and billed once', async () => {
  const options = callOptions()

  const answers = await Promise.all([
    clients.resolution.check(applicant, options),
    clients.resolution.check(applicant, options),
  ])
  const later = await clients.resolution.check(applicant, options)

  expect(new Set([...answers, later].map(({ reference }) => reference)).size).toBe(1)
  expect(callsOf(options.idempotencyKey)).toMatchObject([{ count: 3, billed: 1 }])
})

test('one key serves each vendor on its own', async () => {
  const options = callOptions()

  await Promise.all(vendorNames.map((vendor) => clients[vendor].check(applicant, options)))

  expect(
    callsOf(options.idempotencyKey)
      .map(({ vendor, billed }) => [vendor, billed])
      .sort(),
  ).toEqual([
    ['address', 1],
    ['resolution', 1],
    ['state-id', 1],
  ])
})

test('a key that comes back with another person is refused', async () => {
  const options = callOptions()
  await clients.address.check(applicant, options)

  const error = await failureOf(
    clients.address.check({ ...applicant, lastName: 'Somebody-Else' }, options),
  )

  expect(error).toMatchObject({ code: 'VENDOR_REFUSED', cause: { message: 'HTTP_409' } })
})

test('a vendor that does not know our token refuses', async () => {
  const strangers = createClients({ proxyUrl: proxy.url, ca, token: 'guess' })

  const error = await failureOf(strangers.resolution.check(applicant, callOptions()))

  expect(error).toMatchObject({ code: 'VENDOR_UNAVAILABLE', cause: { message: 'HTTP_401' } })
})

function callsOf(key: string) {
  return vendors.calls().filter((call) => call.key === key)
}

function expectNothingTold(error: Error): void {
  const texts = [
    String(error),
    error.stack ?? '',
    JSON.stringify(error),
    inspect(error, { depth: Infinity, showHidden: true }),
  ]
  const told =
    /Testmark|900123456|987654321|1986-04-12|Example Street|WDLABCD|555|vendor-token|p@ss|Something went wrong|perhaps|contact_failure|vendors\.test/i
  for (const text of texts) expect(text).not.toMatch(told)
}
