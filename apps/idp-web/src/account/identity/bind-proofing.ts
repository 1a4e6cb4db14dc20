import { isDeepStrictEqual } from 'node:util'
import type { WebDeps } from '../../deps.ts'
import type { Session } from '../../session/session.ts'
import type { Proofing } from '../accounts.ts'

/** A session whose last check has just ended well. */
export interface Proofed {
  readonly session: Session
  /** Of the checks of details, in their order. */
  readonly references: Proofing['checks']
}

/**
 * Writes to the account that its owner was proofed, if it is the one that was signed in when they agreed. Harmless to
 * repeat: the same answers of the same vendors are one proofing. Returns the account it now stands in.
 */
export async function bindProofing(
  { accounts, now }: Pick<WebDeps, 'accounts' | 'now'>,
  { session, references }: Proofed,
): Promise<string | undefined> {
  const accountId = session.signIn?.accountId
  if (accountId === undefined || session.consentedAs !== accountId) return undefined
  const account = await accounts.read(accountId)
  if (!account) return undefined
  const proofing = { at: now(), ...byDocument(session, references) }
  if (!isDeepStrictEqual(account.proofing?.checks, proofing.checks)) {
    await accounts.setProofing(accountId, proofing)
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
