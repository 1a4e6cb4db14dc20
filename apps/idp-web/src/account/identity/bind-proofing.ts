import { isDeepStrictEqual } from 'node:util'
import type { WebDeps } from '../../deps.ts'
import type { Session } from '../../session/session.ts'
import type { Proofing } from '../accounts.ts'
import { profileOfVerification } from './profile.ts'

/** A session whose last check has just ended well. */
export interface Proofed {
  readonly session: Session
  /** Of the checks of details, in their order. */
  readonly references: Proofing['checks']
}

/**
 * Writes to the account that its owner was proofed, if it is the one that was signed in when they agreed. Harmless to
 * repeat: the same answers of the same vendors are one proofing. A profile of other details goes: it would pass for what
 * was proofed now. Returns the account it now stands in.
 */
export async function bindProofing(
  deps: Pick<WebDeps, 'accounts' | 'openRecord' | 'now'>,
  { session, references }: Proofed,
): Promise<string | undefined> {
  const accountId = session.signIn?.accountId
  if (accountId === undefined || session.consentedAs !== accountId) return undefined
  const account = await deps.accounts.read(accountId)
  if (!account) return undefined
  const profile = await profileOfVerification(deps, account, session.detailsId)
  const proofing = { at: deps.now(), ...byDocument(session, references) }
  const isWritten = isDeepStrictEqual(account.proofing?.checks, proofing.checks)
  if (!isWritten || account.profile !== profile) {
    await deps.accounts.setProofing(accountId, proofing, profile)
  }
  return accountId
}

function byDocument(
  { documentPass, submission }: Session,
  references: Proofing['checks'],
): Pick<Proofing, 'checks' | 'documentType'> {
  if (!documentPass || !submission) return { checks: references }
  const { reference } = documentPass
  const check = { check: 'document-proofing', ...(reference !== undefined && { reference }) }
  return { checks: [check, ...references], documentType: submission.documentType }
}
