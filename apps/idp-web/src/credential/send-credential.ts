import { randomUUID } from 'node:crypto'
import { inTransaction } from '@anteroom/job-channel'
import type { FastifyRequest } from 'fastify'
import { recordEvent } from '../account/account-events.ts'
import type { WebDeps } from '../deps.ts'
import { HttpError } from '../plugins/http-error.ts'
import { audit } from '../transfers/audit.ts'
import { consentHashOf, newConsentCode } from '../transfers/consent-code.ts'
import { agree, withdraw } from '../transfers/consents.ts'
import { type CredentialReceiver, credentialReceivers } from '../transfers/consumers.ts'
import { createTransfer } from '../transfers/create-transfer.ts'
import { ProblemError } from '../transfers/problems.ts'
import { transferRequest } from '../transfers/schemas.ts'
import { takesCredentials } from '../transfers/scopes.ts'
import { factsOf } from '../transfers/transfer-routes.ts'
import type { Transfers } from '../transfers/transfers.ts'
import { fetchTime, findCredential } from './kept-credential.ts'
import type { Owner } from './own-ticket.ts'

/** The agencies that people may send their credentials to now. */
export async function openReceivers({ db, transfers }: WebDeps): Promise<CredentialReceiver[]> {
  if (!transfers) return []
  return (await credentialReceivers(db)).filter((one) => takesCredentials(one, transfers))
}

export interface Agreement {
  readonly request: FastifyRequest
  readonly owner: Owner
  readonly receiver: CredentialReceiver
  /** Whether we send it now, or the agency fetches it with the code. */
  readonly how: 'send' | 'code'
}

/** Each is written down for ever in the agency's audit. */
const agreements = { what: 'credential-agreement', max: 20, windowSeconds: 600 }

/**
 * Writes down that its owner agrees, for the agency and in their own account. Returns the code; undefined if the credential is there,
 * or on its way.
 */
export async function agreeTo(
  deps: WebDeps,
  { request, owner, receiver, how }: Agreement,
): Promise<string | undefined> {
  const { id: ticketId } = owner.ticket
  const { id: consumerId } = receiver
  if (await deps.guessLimits.use([{ ...agreements, whom: ticketId }])) {
    throw new HttpError(429, 'TOO_MANY_CONSENTS')
  }
  const code = newConsentCode()
  const { secondsLeft } = await fetchTime(deps, ticketId)
  const { signIn } = owner.session
  const isAgreed = await inTransaction(deps.db, async (tx) => {
    if (!(await agree(tx, { ticketId, consumerId, code, secondsLeft }))) return false
    const facts = { consent: consentHashOf(code), how }
    await audit(tx, { consumerId, event: 'credential consent', facts })
    if (signIn) {
      const { accountId } = signIn
      await recordEvent({ db: tx }, { accountId, event: 'credential-shared' }, request)
    }
    return true
  })
  return isAgreed ? code : undefined
}

interface Sending {
  readonly request: FastifyRequest
  readonly owner: Owner
  readonly receiver: CredentialReceiver
  readonly code: string
}

/**
 * Asks for the transfer as the agency would, with the code: `closed` if it does not take credentials any more, `gone` if the credential is
 * not kept any more. A code that is not good though it is kept was replaced by a later one of the same person. What was agreed for
 * nothing is not kept.
 */
export async function sendNow(
  deps: WebDeps,
  transfers: Transfers,
  { request, owner, receiver, code }: Sending,
): Promise<'taken' | 'closed' | 'gone'> {
  const { destination: name, folder: path } = receiver.credentials
  const wanted = transferRequest.parse({
    source: { type: 'credential', consent: code },
    destination: { name, path },
  })
  try {
    const { row } = await createTransfer(deps, transfers, {
      consumer: receiver,
      request: wanted,
      // The agency sees it, and the log has both.
      correlationId: randomUUID(),
      traceparent: request.traceparent,
    })
    deps.log.info('transfer.requested', factsOf(request, row))
    return 'taken'
  } catch (error) {
    await withdraw(deps.db, receiver.id, code)
    if (!(error instanceof ProblemError)) throw error
    if (error.code !== 'consent-unknown') return 'closed'
    return (await findCredential(deps, owner.ticket.id)) === undefined ? 'gone' : 'taken'
  }
}
