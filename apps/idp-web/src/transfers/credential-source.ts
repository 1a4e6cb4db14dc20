import { hash } from 'node:crypto'
import { findCredential, openKept } from '../credential/kept-credential.ts'
import type { WebDeps } from '../deps.ts'
import { ticketOfConsent } from './consents.ts'
import type { Consumer } from './consumers.ts'
import { ProblemError } from './problems.ts'

/**
 * Wrong codes of one consumer. Nobody guesses 140 bits; this is for those who try, and leaves room for who mistypes. A good code is never
 * refused by it: strangers may type what they like into an agency's form.
 */
const guesses = { what: 'credential-consent', max: 100, windowSeconds: 600 }

/**
 * The credential that a code stands for. What was used, has expired, is another consumer's or was never there is answered alike.
 *
 * @throws ProblemError
 */
export async function consentedFile(
  deps: WebDeps,
  { id: consumerId, keyId }: Consumer,
  code: string,
): Promise<{ readonly pdf: string; readonly sha256: string }> {
  const ticketId = await ticketOfConsent(deps.db, consumerId, code)
  const sealed = ticketId && (await findCredential(deps, ticketId))
  if (!ticketId || !sealed) {
    const limits = keyId === null ? [] : [{ ...guesses, whom: consumerId }]
    const refused = await deps.guessLimits.use(limits)
    if (!refused) throw noConsent()
    const retryAfterSeconds = Math.max(1, Math.ceil((refused.retryAt - deps.now()) / 1_000))
    throw new ProblemError('rate-limited', { retryAfterSeconds })
  }
  const { pdf } = await openKept(deps, { ticketId, sealed })
  return { pdf, sha256: hash('sha256', Buffer.from(pdf, 'base64'), 'hex') }
}

export const noConsent = () =>
  new ProblemError('consent-unknown', {
    errors: [{ pointer: '/source/consent', detail: 'is no code that is good for you now' }],
  })
