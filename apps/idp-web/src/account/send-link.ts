import { inTransaction } from '@anteroom/job-channel'
import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import type { Mail } from '../mail/mail.ts'
import { mailLimits } from './account-limits.ts'
import type { Account } from './accounts.ts'
import { linkMinutes, type NewLink } from './email-links.ts'
import { noteRecovery } from './recoveries-asked.ts'
import { urlOf } from './url-of.ts'

/** Undefined once the message is on its way; otherwise when the next may be asked for, milliseconds since the epoch. */
export type Sent = { readonly retryAt: number } | undefined

/** What somebody asks for who types an address: what is sent says what is the case, and nothing else does. */
export type LinkWish =
  | { readonly wish: 'sign-up' | 'recovery'; readonly address: string }
  | { readonly wish: 'new-address'; readonly address: string; readonly accountId: string }

/**
 * Sends a link to an address, whether it has an account or not. Both take the same steps: one look, one link, one
 * message.
 */
export async function sendLink(
  deps: WebDeps,
  request: FastifyRequest,
  wish: LinkWish,
): Promise<Sent> {
  const { address } = wish
  const refused = await deps.guessLimits.use(mailLimits(deps, request, address))
  if (refused) return refused
  const { link, template } = answerTo(wish, await deps.accounts.findByAddress(address))
  const path = await inTransaction(deps.db, async (tx) => {
    if (wish.wish === 'recovery') await noteRecovery(tx, link.accountId)
    return deps.emailLinks.make(link, tx)
  })
  const values = { minutes: String(linkMinutes) }
  await deps.sendMail({ to: address, template, link: urlOf(deps, path), values })
  return undefined
}

interface LinkMail {
  readonly link: NewLink
  readonly template: Mail['template']
}

/** Whoever reads the mail of an address may have its account, or make one: the link leads to what there is. */
function answerTo(wish: LinkWish, account: Account | undefined): LinkMail {
  const { address } = wish
  if (wish.wish === 'new-address' && (!account || account.id === wish.accountId)) {
    const { accountId } = wish
    return { link: { purpose: 'new-address', address, accountId }, template: 'new-address' }
  }
  if (account) {
    const template = wish.wish === 'recovery' ? 'recovery' : 'already-an-account'
    return { link: { purpose: 'recovery', address, accountId: account.id }, template }
  }
  const template = wish.wish === 'recovery' ? 'no-account' : 'confirm-address'
  return { link: { purpose: 'sign-up', address }, template }
}
