import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import { happeningsOf } from '../security-events/happenings-of.ts'
import { parseAddressForm } from './account-forms.ts'
import type { Account } from './accounts.ts'
import { changeAccount } from './change-account.ts'
import { sendLinkGone, tokenOf } from './link-token.ts'
import { changeAddressPage } from './pages/change-address.ts'
import { newAddressPage } from './pages/email-link.ts'
import { guessesLimitedPage } from './pages/limited.ts'
import { requireAccount } from './require-account.ts'
import { sendLink } from './send-link.ts'
import { signedIn } from './signed-in.ts'
import { takeAddress } from './take-address.ts'
import { tellOwner } from './tell-owner.ts'

const purpose = 'new-address'

/** Another address for an account: asked for by its owner, and confirmed by its owner who reads the mail there. */
export function changeAddressRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/account/address', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, { recent: true })
    if (!owner) return reply
    const now = await deps.accounts.openAddress(owner.account)
    return reply.page((view) => changeAddressPage(view, { now, typed: {} }))
  })

  app.post('/account/address', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, { recent: true })
    if (!owner) return reply
    const { account } = owner
    const form = parseAddressForm(request)
    if (!form.ok) {
      const now = await deps.accounts.openAddress(account)
      return reply.code(422).page((view) => changeAddressPage(view, { now, typed: form.typed }))
    }
    const wish = { wish: purpose, address: form.address, accountId: account.id } as const
    const refused = await sendLink(deps, request, wish)
    if (refused) return reply.code(429).page((view) => guessesLimitedPage(view, refused))
    return reply.redirect('/email/sent', 303)
  })

  newAddressLinkRoutes(app, deps)
}

/** A link that went to a stranger by a typing mistake must not give them the account: its owner has to be signed in. */
function newAddressLinkRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/email/new-address/:token', async (request, reply) => {
    const token = tokenOf({ request, reply })
    const link = await deps.emailLinks.find(purpose, token)
    if (!link) return sendLinkGone(reply)
    const signIn = await signedIn(deps, request.session)
    const isOwner = signIn?.accountId === link.accountId
    return reply.page((view) => newAddressPage(view, { token, address: link.address, isOwner }))
  })

  app.post('/email/new-address/:token', async (request, reply) => {
    const token = tokenOf({ request, reply })
    rejectFields(request)
    const owner = await requireAccount(deps, { request, reply })
    if (!owner) return reply
    const { account, session } = owner
    const link = await deps.emailLinks.find(purpose, token)
    if (link?.accountId !== account.id) return sendLinkGone(reply)
    const { address } = link
    if (!(await changeAddress(deps, { account, request }, { token, address }))) {
      return sendLinkGone(reply)
    }
    await deps.accountSessions.endOthers(account.id, session.slot)
    await tellOwner(deps, { account, request }, { template: 'address-changed' })
    return reply.redirect('/account?changed=address', 303)
  })
}

/** False if the link was used meanwhile, or its address has another account by now. */
async function changeAddress(
  deps: WebDeps,
  { account, request }: { readonly account: Account; readonly request: FastifyRequest },
  { token, address }: { readonly token: string; readonly address: string },
): Promise<boolean> {
  const { id: accountId } = account
  const email = await deps.accounts.openAddress(account)
  const happenings = happeningsOf('address-changed', { email })
  const change = { accountId, event: 'address-changed', request, happenings } as const
  const take = await takeAddress(deps, address, accountId)
  const isChanged = await changeAccount(deps, change, async (tx, tell) => {
    const link = await deps.emailLinks.take(tx, purpose, token)
    if (!link || !(await deps.accounts.setAddress(accountId, address, tx))) return false
    await deps.emailLinks.dropOf(tx, accountId)
    await deps.formerAddresses.leave(tx, accountId, email)
    await take(tx)
    await tell()
    return true
  })
  return isChanged === true
}
