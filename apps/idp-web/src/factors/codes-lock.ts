import type { FastifyRequest } from 'fastify'
import { changeAccount } from '../account/change-account.ts'
import type { WebDeps } from '../deps.ts'
import { happeningsOf } from '../security-events/happenings-of.ts'
import { codeLimits } from './code-limits.ts'

/** One lock lasts as long as this at least: what is tried meanwhile, as tries become free one by one, belongs to it. */
const lockMs = 15 * 60_000

/**
 * Too many wrong codes: it stands in the account's history, and partners are told, once of each lock.
 *
 * @param accountId Whose password is known to whoever tries.
 */
export async function noteCodesLocked(
  deps: WebDeps,
  { accountId, request }: { readonly accountId: string; readonly request: FastifyRequest },
  { retryAt }: { readonly retryAt: number },
): Promise<void> {
  const { codesLockedUntil } = (await deps.accounts.read(accountId)) ?? {}
  if (codesLockedUntil !== undefined && deps.now() < codesLockedUntil) return
  const happenings = happeningsOf('codes-locked')
  const change = { accountId, event: 'codes-locked', request, happenings } as const
  const until = Math.max(retryAt, deps.now() + lockMs)
  await changeAccount(deps, change, async (tx, tell) => {
    if (await deps.accounts.lockCodes(tx, accountId, until)) await tell()
  })
}

/** The same, where a wrong code was the last that may be tried. */
export async function noteIfLocked(
  deps: WebDeps,
  whom: { readonly accountId: string; readonly request: FastifyRequest },
): Promise<void> {
  const refused = await deps.guessLimits.refusal(codeLimits(whom.accountId))
  if (refused) await noteCodesLocked(deps, whom, refused)
}
