import { isDeepStrictEqual } from 'node:util'
import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../../deps.ts'
import { identityLevelOf } from '../../openid/assurance.ts'
import { happeningsOf } from '../../security-events/happenings-of.ts'
import type { Session } from '../../session/session.ts'
import type { Proofing } from '../accounts.ts'
import { changeAccount } from '../change-account.ts'
import { isProfileOf } from './profile.ts'

/** A session whose last check has just ended well. */
export interface Proofed {
  readonly session: Session
  /** Of the checks of details, in their order. */
  readonly references: Proofing['checks']
  /** The one that has found it out; undefined if none has. */
  readonly request: FastifyRequest | undefined
}

/**
 * Writes to the account that its owner was proofed, if it is the one that was signed in when they agreed. Harmless to
 * repeat: the same answers of the same vendors are one proofing. A profile of other details goes: it would pass for what
 * was proofed now. Partners are told if somebody had been proofed before.
 */
export async function bindProofing(
  deps: WebDeps,
  { session, references, request }: Proofed,
): Promise<void> {
  const accountId = session.signIn?.accountId
  if (accountId === undefined || session.consentedAs !== accountId) return
  const proofing = { at: deps.now(), ...byDocument(session, references) }
  const identityLevel = identityLevelOf(proofing)
  for (;;) {
    const account = await deps.accounts.read(accountId)
    if (!account) return
    const staysProfile = await isProfileOf(deps, account, session.detailsId)
    const happenings = account.proofing ? happeningsOf('reproofed', { identityLevel }) : []
    const change = { accountId, event: 'proofed', request, happenings } as const
    const isBound = await changeAccount(deps, change, async (tx, tell) => {
      const before = await deps.accounts.read(accountId, tx)
      // What is kept was sealed anew, or chosen anew, since we looked at it.
      if (before?.profile !== account.profile) return false
      const isWritten = isDeepStrictEqual(before?.proofing?.checks, proofing.checks)
      if (isWritten && (staysProfile || before?.profile === undefined)) return true
      const isTaken = await deps.accounts.setProofing(tx, accountId, { proofing, staysProfile })
      if (isTaken && !isWritten) await tell()
      return true
    })
    if (isBound !== false) return
  }
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
