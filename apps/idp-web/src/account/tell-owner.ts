import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import type { Mail } from '../mail/mail.ts'
import type { Account } from './accounts.ts'
import { clientNames } from './client-names.ts'
import { urlOf } from './url-of.ts'

export interface Notice {
  readonly template: Mail['template']
  /** Where the link leads, if not to the account. */
  readonly page?: string
  /** Beside the browser, the system and the time. */
  readonly values?: Readonly<Record<string, string>>
}

/**
 * Sends the owner of an account word of what was done to it, by which browser and when: it may not have been them.
 *
 * @param account As it was before: word of another address goes to the old one.
 */
export async function tellOwner(
  deps: WebDeps,
  { account, request }: { readonly account: Account; readonly request: FastifyRequest },
  { template, page = '/account', values }: Notice,
): Promise<void> {
  const at = new Date(deps.now()).toISOString()
  await deps.sendMail({
    to: await deps.accounts.openAddress(account),
    template,
    link: urlOf(deps, page),
    values: { ...values, ...clientNames(request.headers['user-agent']), at },
  })
}
