import { randomBytes } from 'node:crypto'
import {
  credentialClaims,
  daysOf,
  type SigningKey,
  signingKey,
  signingKeyFrom,
} from '@anteroom/credential'
import { jobs, type PayloadOf, type ResultOf } from '@anteroom/job-contracts'
import { createLog } from '@anteroom/runtime'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCredentials } from '../../apps/worker/src/credentials/create-credentials.ts'
import { sweepCredentials } from '../../apps/worker/src/credentials/credential-sweep.ts'
import type { Credentials } from '../../apps/worker/src/credentials/credentials.ts'
import { createPrinter } from '../../apps/worker/src/credentials/paper/make-paper.ts'
import { checkToken } from '../support/check-token.ts'
import { openPaper } from '../support/paper.ts'
import { samplePayloads } from '../support/payloads.ts'
import { dayFromNow, type TestRegistry, testRegistry } from '../support/registry.ts'
import {
  friendlyVendors,
  startTestWorker,
  type TestWorker,
  testSigningKey,
} from '../support/worker.ts'

type Issued = ResultOf<typeof jobs.credentialIssuance>
type List = ResultOf<typeof jobs.credentialRevocations>

let worker: TestWorker
beforeAll(async () => {
  worker = await startTestWorker()
})
afterAll(() => worker.stop())
beforeEach(async () => {
  await worker.redis.flushall()
  await worker.database.pool('worker').query('delete from worker.credentials')
  worker.logLines.length = 0
})

function applicant(): PayloadOf<typeof jobs.credentialIssuance> {
  return {
    ...samplePayloads.credentialIssuance,
    credentialId: randomBytes(32).toString('base64url'),
  }
}

/** Enqueues, runs, and opens the answer. */
async function issue(
  payload: PayloadOf<typeof jobs.credentialIssuance>,
  { vendors }: Pick<TestRegistry, 'vendors'>,
  credentials?: Credentials,
): Promise<Issued> {
  const id = await worker.enqueue(jobs.credentialIssuance, payload)
  await worker.runDue(vendors, undefined, credentials)
  return jobs.credentialIssuance.result.parse(await worker.openResult('credential-issuance', id))
}

async function revoke(...numbers: string[]): Promise<List> {
  const id = await worker.enqueue(jobs.credentialRevocations, { numbers })
  await worker.runDue()
  return jobs.credentialRevocations.result.parse(
    await worker.openResult('credential-revocations', id),
  )
}

/** What the code on the paper says, checked. */
async function claimsOn({ pdf }: Issued, keys: readonly SigningKey[] = [testSigningKey]) {
  const paper = await openPaper(Buffer.from(pdf, 'base64'))
  const [url = ''] = await paper.scan()
  await paper.close()
  const checked = await checkToken(url.replace('https://id.example.gov/v#', ''), keys)
  return credentialClaims.parse(checked?.claims)
}

async function listed({ list }: List): Promise<unknown> {
  return (await checkToken(list, [testSigningKey]))?.claims.rids
}

const rows = async () => {
  const { rows } = await worker.database.pool('worker').query('select * from worker.credentials')
  return rows
}

const failures = () =>
  worker.logLines
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'job.failed')
    .map(({ code }) => code)

describe('a credential', () => {
  test('says on paper and in its code whom the registry entered, and until when it is good', async () => {
    const payload = applicant()

    const issued = await issue(payload, testRegistry())

    const claims = await claimsOn(issued)
    expect(claims).toMatchObject({
      iss: 'https://id.example.gov',
      no: issued.number,
      fn: payload.firstName,
      ln: payload.lastName,
      dob: payload.dateOfBirth,
    })
    expect(daysOf(claims)).toMatchObject({ firstDay: dayFromNow(0), lastDay: dayFromNow(730) })
    expect(issued.expiresOn).toBe(dayFromNow(730))
  })

  test('is asked for under its own key, not that of the job', async () => {
    const [payload, registry] = [applicant(), testRegistry()]

    await issue(payload, registry)

    expect(registry.calls).toEqual([payload.credentialId])
  })

  test('leaves nothing in the database that says whose it is', async () => {
    const payload = applicant()

    await issue(payload, testRegistry())

    const kept = JSON.stringify(await rows())
    expect(kept).toContain(payload.credentialId)
    for (const secret of [payload.firstName, payload.lastName, payload.dateOfBirth]) {
      expect(kept).not.toContain(secret)
    }
  })

  test('asked for again by another job is the same one, and the registry is not asked again', async () => {
    const [payload, registry] = [applicant(), testRegistry()]
    const first = await issue(payload, registry)

    const second = await issue(payload, registry)

    expect(await claimsOn(second)).toEqual(await claimsOn(first))
    expect(registry.calls).toHaveLength(1)
  })

  test('that was revoked is not made again', async () => {
    const [payload, registry] = [applicant(), testRegistry()]
    const { number } = await issue(payload, registry)
    await revoke(number)

    await expect(issue(payload, registry)).rejects.toThrow()

    expect(failures()).toEqual(['CREDENTIAL_REVOKED'])
  })
})

describe('a start that ends in the middle', () => {
  const failOnce = <Arguments extends unknown[], Value>(
    work: (...given: Arguments) => Promise<Value>,
    when: 'before' | 'after',
  ) => {
    let failed = false
    return async (...given: Arguments): Promise<Value> => {
      const value = failed || when === 'after' ? await work(...given) : undefined
      if (!failed) {
        failed = true
        throw new Error('as if the process had ended')
      }
      return value as Value
    }
  }

  const endings: [string, (credentials: Credentials) => Partial<Credentials>][] = [
    [
      'before the entry is kept',
      ({ table }) => ({ table: { ...table, keep: failOnce(table.keep, 'before') } }),
    ],
    [
      'after the entry is kept',
      ({ table }) => ({ table: { ...table, keep: failOnce(table.keep, 'after') } }),
    ],
    [
      'before it is signed',
      ({ signer }) => ({
        signer: { ...signer, signCredential: failOnce(signer.signCredential, 'before') },
      }),
    ],
    ['before it is printed', ({ print }) => ({ print: failOnce(print, 'before') })],
    ['after it is printed', ({ print }) => ({ print: failOnce(print, 'after') })],
  ]

  test.each(endings)('%s leads to one credential all the same', async (_when, change) => {
    const [payload, registry] = [applicant(), testRegistry()]
    const { credentials } = worker

    const issued = await issue(payload, registry, { ...credentials, ...change(credentials) })

    const kept = await rows()
    expect(kept).toEqual([expect.objectContaining({ number: issued.number })])
    expect(await claimsOn(issued)).toMatchObject({ rid: kept[0]?.rid, no: issued.number })
    expect(new Set(registry.calls)).toEqual(new Set([payload.credentialId]))
  })
})

describe('a registry that lies', () => {
  test.each([
    ['a number with letters that none has', { number: 'k7q2_4821' }, 'REGISTRY_NUMBER_INVALID'],
    ['a last day before the first', { validUntil: dayFromNow(-1) }, 'REGISTRY_DAYS_INVALID'],
    [
      'days that are over',
      { validFrom: dayFromNow(-20), validUntil: dayFromNow(-3) },
      'REGISTRY_DAYS_INVALID',
    ],
    ['a first day long ago', { validFrom: '1999-01-01' }, 'REGISTRY_DAYS_INVALID'],
    ['a first day far ahead', { validFrom: dayFromNow(90) }, 'REGISTRY_DAYS_INVALID'],
    ['a last day that is far too late', { validUntil: '2999-01-01' }, 'REGISTRY_DAYS_INVALID'],
    ['a day that is none', { validUntil: '2027-02-30' }, 'REGISTRY_DAYS_INVALID'],
  ])('about %s is not believed', async (_what, lie, code) => {
    const id = await worker.enqueue(jobs.credentialIssuance, applicant())

    await worker.runDue(testRegistry(lie).vendors)

    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'vendor-unavailable' })
    expect(failures()).toEqual([code])
    expect(await rows()).toEqual([])
  })

  test("with another credential's number is not believed", async () => {
    const { number } = await issue(applicant(), testRegistry())
    const id = await worker.enqueue(jobs.credentialIssuance, applicant())

    await worker.runDue(testRegistry({ number }).vendors)

    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'vendor-unavailable' })
    expect(failures()).toEqual(['REGISTRY_NUMBER_TAKEN'])
  })
})

test('without a registry to ask, a credential fails and says why', async () => {
  const id = await worker.enqueue(jobs.credentialIssuance, applicant())

  const { registry: _absent, ...without } = friendlyVendors
  await worker.runDue(without)

  expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'internal' })
  expect(failures()).toEqual(['CREDENTIALS_NOT_SET_UP'])
})

test('a new key signs from then on, and what the old one signed still holds beside it', async () => {
  const newer = signingKey.parse(signingKeyFrom(new Uint8Array(32).fill(8)))
  const rotated = await createCredentials({
    key: newer,
    issuer: 'https://id.example.gov',
    print: createPrinter('Commonwealth of Atlantis'),
    pool: worker.database.pool('worker'),
    now: Date.now,
  })
  const registry = testRegistry()

  const before = await issue(applicant(), registry)
  const after = await issue(applicant(), registry, rotated)

  await expect(claimsOn(after)).rejects.toThrow()
  for (const issued of [before, after]) {
    await expect(claimsOn(issued, [newer, testSigningKey])).resolves.toBeDefined()
  }
})

describe('the list of revocations', () => {
  test('names what was revoked, and nothing else', async () => {
    const registry = testRegistry()
    const [gone] = [await issue(applicant(), registry), await issue(applicant(), registry)]

    const revoked = await revoke(gone.number, 'NONE-0000')

    expect(await listed(revoked)).toEqual([(await claimsOn(gone)).rid])
    expect(revoked.unknown).toEqual(['NONE-0000'])
  })

  test('is of its own type and names when it was true', async () => {
    const before = Math.floor(Date.now() / 1000) - 1

    const { list } = await revoke()

    const checked = await checkToken(list, [testSigningKey])
    expect(checked?.header.typ).toBe('anteroom-revocations+jwt')
    expect(checked?.claims).toMatchObject({ iss: 'https://id.example.gov', rids: [] })
    expect(checked?.claims.iat).toBeGreaterThanOrEqual(before)
  })

  test('is the same however often something is revoked, and when it is only signed anew', async () => {
    const { number } = await issue(applicant(), testRegistry())
    const first = await revoke(number)
    const [kept] = await rows()

    const again = [await revoke(number), await revoke(number, number), await revoke()]

    for (const list of again) expect(await listed(list)).toEqual(await listed(first))
    expect(again.map(({ unknown }) => unknown)).toEqual([[], [], []])
    expect((await rows())[0]?.revoked_at).toEqual(kept?.revoked_at)
  })

  test('leaves out what is good nowhere any more, and the sweep forgets it', async () => {
    const registry = testRegistry()
    const [old, present] = [await issue(applicant(), registry), await issue(applicant(), registry)]
    await revoke(old.number, present.number)
    const pool = worker.database.pool('worker')
    await pool.query('update worker.credentials set valid_until = $1 where number = $2', [
      dayFromNow(-4),
      old.number,
    ])

    const list = await revoke()
    await sweepCredentials({ pool, log: createLog({ service: 'test', level: 'error' }) })

    expect(await listed(list)).toEqual([(await claimsOn(present)).rid])
    expect(await rows()).toEqual([expect.objectContaining({ number: present.number })])
  })

  test('holds everything when several are made at once', async () => {
    const registry = testRegistry()
    const numbers: string[] = []
    for (let count = 0; count < 8; count += 1) {
      numbers.push((await issue(applicant(), registry)).number)
    }

    const made = await Promise.all(
      numbers.map((number) => worker.credentials.table.revoke([number])),
    )

    const bySize = made.map(({ rids }) => rids.length).sort((a, b) => a - b)
    expect(bySize).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const inTime = [...made].sort((a, b) => a.rids.length - b.rids.length).map(({ at }) => at)
    expect(inTime).toEqual([...inTime].sort((a, b) => a - b))
  })
})
