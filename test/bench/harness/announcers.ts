import { randomBytes } from 'node:crypto'
import { inTransaction } from '@anteroom/job-channel'
import type { WebDeps } from '../../../apps/idp-web/src/deps.ts'
import { inFlight, type Load, oneByOne } from './pace.ts'

export interface Crowd {
  readonly accounts: number
  /** Of the partners that there are, the first so many; each account is connected to them. */
  readonly partners: number
}

/** People whose accounts change, so that partners are told. */
export function createAnnouncers(deps: WebDeps) {
  let accounts: string[] = []

  async function invite(partners: number): Promise<string> {
    const address = `${randomBytes(8).toString('hex')}@example.test`
    const account = await deps.accounts.create({ address, passwordHash: 'none' })
    if (!account || !deps.openid) throw new Error('Nobody can be told anything here')
    for (const partner of [...deps.openid.partners.keys()].slice(0, partners)) {
      await deps.openid.grants.save({
        id: randomBytes(16).toString('base64url'),
        accountId: account.id,
        partner,
        scopes: ['openid'],
        claims: [],
        expiresAt: Date.now() + 3_600_000,
      })
    }
    return account.id
  }

  /** The change itself is the least there is: what is measured is what telling adds to it. */
  async function change(accountId = ''): Promise<void> {
    const announcement = await deps.securityEvents.announce(accountId, [{ type: 'password-reset' }])
    await inTransaction(deps.db, async (tx) => {
      await tx.query('update web.accounts set password_changed_at = now() where id = $1', [
        accountId,
      ])
      await announcement.write(tx)
    })
  }

  return {
    async invite({ accounts: count, partners }: Crowd) {
      accounts = []
      await inFlight({ count, inFlight: 8 }, async () => accounts.push(await invite(partners)))
    },
    /** One change of each account. */
    changeAll: (load: Omit<Load, 'count'>) =>
      inFlight({ ...load, count: accounts.length }, (index) => change(accounts[index])),
    /** What each took, in milliseconds. */
    changeOneByOne: () => oneByOne(accounts.length, (index) => change(accounts[index])),
    /** When it had been committed, in milliseconds since the epoch. */
    async changeOne(index: number) {
      await change(accounts[index])
      return performance.timeOrigin + performance.now()
    },
  }
}
