import type { WebDeps } from '../deps.ts'
import type { Session } from '../session/session.ts'
import type { Owner } from './own-ticket.ts'

/** One credential for one verification: once it is issued, whoever wants another is verified again. Harmless to repeat. */
export async function spendVerification(
  deps: Pick<WebDeps, 'sessions'>,
  { session, ticket }: Owner,
): Promise<Session> {
  // What they have passed since is another verification.
  if (ticket.isSpent) return session
  const spent = { passed: undefined, ticket: { ...ticket, isSpent: true } }
  await deps.sessions.patch(session, spent)
  return { ...session, ...spent }
}
