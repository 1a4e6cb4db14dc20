import { randomBytes } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import type { SignInMethod } from '../../apps/idp-web/src/session/session.ts'
import { fixedSealer } from './fixed-keys.ts'
import { sessionOf, signInAs } from './signed-in.ts'
import { createVisitor, type TestWeb, type Visitor } from './web.ts'

/** Somebody with an account, and their browser. */
export interface OpenidPerson {
  readonly accountId: string
  readonly visitor: Visitor
  /** Writes into the session what signing in writes there. */
  signIn(methods?: readonly SignInMethod[], when?: { minutesAgo?: number }): Promise<void>
  /** Ends the session from elsewhere. */
  endSessions(): Promise<void>
  /** As it is after all checks: noted with the account, and the details in this session. */
  proof(options?: { readonly withDocument?: boolean }): Promise<void>
  /** Follows redirects, and pages that go on by themselves, until one leads to a partner or to `until`. */
  follow(path: string, until?: string): Promise<LightMyRequestResponse>
  /** Where signing in or being proofed leads back to. */
  waiting(): Promise<string>
  /** Follows until the partner is reached, and agrees if asked. */
  reach(path: string): Promise<string>
}

interface Known {
  /** Of an account that is there already. */
  readonly accountId?: string
  /** A browser that somebody else has used. */
  readonly visitor?: Visitor
}

export async function createPerson(web: TestWeb, known: Known = {}): Promise<OpenidPerson> {
  const { accountId = randomBytes(32).toString('base64url') } = known
  const { visitor = createVisitor(web.app) } = known
  const slot = { purpose: 'record', name: 'account-email', id: accountId } as const
  await web.deps.db.query(
    'insert into web.accounts (id, address_hash, address) values ($1, $2, $3) on conflict do nothing',
    [accountId, accountId, await fixedSealer.seal(slot, Buffer.from('maria@example.com'))],
  )
  const { deps } = web

  async function follow(path: string, until?: string): Promise<LightMyRequestResponse> {
    const origin = deps.config.publicUrl
    const local = path.startsWith(origin) ? path.slice(origin.length) : path
    const response = await visitor.get(local)
    const refresh = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(response.payload)?.[1]
    const next = response.headers.location ?? refresh
    if (next === undefined || next === until || isElsewhere(next, origin)) return response
    return follow(next, until)
  }

  return {
    accountId,
    visitor,
    signIn: (methods = ['password'], { minutesAgo = 0 } = {}) =>
      signInAs(web, visitor, { accountId, methods, at: deps.now() - minutesAgo * 60_000 }),
    endSessions: () => deps.accountSessions.endAll(accountId),
    async proof({ withDocument = true } = {}) {
      const session = await sessionOf(web, visitor)
      const details = await deps.personData.sealDetails(session, person)
      const phone = await deps.personData.sealPhone(session, '2025550142')
      const passed = { check: 'address-proofing', detailsId: 'd' } as const
      await deps.sessions.patch(session, { details, phone, detailsId: 'd', passed })
      await deps.db.query('update web.accounts set proofing = $2 where id = $1', [
        accountId,
        JSON.stringify(withDocument ? proofing : byRecords),
      ])
    },
    follow,
    async waiting() {
      return `/openid/interaction/${(await sessionOf(web, visitor)).interaction}`
    },
    async reach(path) {
      const page = await follow(path)
      if (page.headers.location) return page.headers.location
      const action = /action="(\/openid\/interaction\/[^"]+)"/.exec(page.payload)?.[1]
      if (action === undefined) throw new Error(`Neither the partner nor consent: ${page.payload}`)
      const agreed = await visitor.post(action, { choice: 'allow' })
      const { location } = (await follow(agreed.headers.location ?? '')).headers
      if (location === undefined) throw new Error('The partner was not reached')
      return location
    },
  }
}

function isElsewhere(url: string, origin: string): boolean {
  return new URL(url, origin).origin !== origin
}

const person = {
  firstName: 'Maria',
  lastName: 'Okafor',
  dateOfBirth: '1986-04-12',
  ssn: '900551234',
  stateIdNumber: 'WDLABCD456DG',
  stateIdJurisdiction: 'WA',
  address1: '100 Example Street',
  city: 'Seattle',
  state: 'WA',
  zipCode: '98109',
} as const

const byRecords = {
  at: Date.UTC(2026, 9, 1, 13, 37, 5, 123),
  checks: [{ check: 'resolution-proofing', reference: 'vendor-number-2' }],
}

const proofing = {
  ...byRecords,
  checks: [{ check: 'document-proofing', reference: 'vendor-number-1' }, ...byRecords.checks],
  documentType: 'drivers-license',
}
