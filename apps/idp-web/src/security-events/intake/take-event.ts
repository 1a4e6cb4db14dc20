import { type Db, inTransaction } from '@anteroom/job-channel'
import { recordEvent } from '../../account/account-events.ts'
import type { Account } from '../../account/accounts.ts'
import { urlOf } from '../../account/url-of.ts'
import type { WebDeps } from '../../deps.ts'
import type { ReceivedEvent } from './read-token.ts'
import { recordReceived, settleReceived } from './received-events.ts'
import type { Effect } from './received-types.ts'

/** `repeated`: taken before, and nothing was done now. `other`: its jti is that of another event. */
export type Taken = 'taken' | 'repeated' | 'other'

/**
 * Records what a partner reports, and does what follows from it, in one transaction. Sessions end after it, or with the
 * next repetition if that did not come about: a partner that got no answer sends its token again.
 */
export async function takeEvent(
  deps: WebDeps,
  account: Account,
  { issuer, jti, event, effect, occurredAt }: ReceivedEvent,
): Promise<Taken> {
  const received = { issuer: issuer.partner.id, jti, event, accountId: account.id, occurredAt }
  const follow = await prepare(deps, account, effect)
  const recorded = await inTransaction(deps.db, async (tx) => {
    const state = await recordReceived(tx, received)
    if (state === 'new') await follow(tx)
    return state
  })
  if (recorded === 'other') return 'other'
  if (recorded === 'settled') return 'repeated'
  if (effect !== 'recover' || deps.config.resetPasswordOnAuthFraudEvent) {
    await deps.accountSessions.endAll(account.id)
  }
  await settleReceived(deps.db, received)
  return 'taken'
}

type Follow = (tx: Db) => Promise<void>

/** What takes time is done before the transaction. */
async function prepare(deps: WebDeps, account: Account, effect: Effect): Promise<Follow> {
  const note = (tx: Db, event: Parameters<typeof recordEvent>[1]['event']) =>
    recordEvent({ db: tx }, { accountId: account.id, event }, undefined)
  switch (effect) {
    case 'recover':
      return deps.config.resetPasswordOnAuthFraudEvent
        ? prepareRecovery(deps, account)
        : async () => undefined
    case 'doubt-proofing':
      return async (tx) => {
        await deps.accounts.doubtProofing(account.id, tx)
        await note(tx, 'identity-doubted')
      }
    case 'end-sessions':
      return (tx) => note(tx, 'session-ended')
  }
}

/**
 * The password is taken away, and nothing else opens the account until its owner has chosen another by e-mail. Links that
 * are on their way are worth nothing: they may have been asked for by whoever had got in.
 */
async function prepareRecovery(deps: WebDeps, account: Account): Promise<Follow> {
  const { id } = account
  const to = await deps.accounts.openAddress(account)
  const announcement = await deps.securityEvents.announce(id, [
    { type: 'password-reset', credential: { credential: 'password', change: 'revoke' } },
  ])
  return async (tx) => {
    // Who is already to recover it has been told so.
    if (!(await deps.accounts.requireRecovery(id, tx))) return
    await announcement.write(tx)
    await deps.emailLinks.dropOf(tx, id)
    await recordEvent({ db: tx }, { accountId: id, event: 'fraud-reported' }, undefined)
    const values = { at: new Date(deps.now()).toISOString() }
    const mail = { to, template: 'fraud-reported', link: urlOf(deps, '/recover'), values } as const
    await deps.sendMail(mail, tx)
  }
}
