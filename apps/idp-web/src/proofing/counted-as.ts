import type { Fingerprints } from '../deps.ts'
import type { Session } from '../session/session.ts'

type Who = Pick<Session, 'device' | 'signIn'>

/**
 * Whose uses count, as keyed hashes: the account's that is signed in, and the device's as well. One device cannot make many
 * accounts to try more often, nor an account use many devices.
 */
export function countedAs(fingerprints: Fingerprints, who: Who): readonly string[] {
  const ofAccount = who.signIn ? fingerprints.account(who.signIn.accountId) : []
  return [...ofAccount, ...fingerprints.person(who.device)]
}

/**
 * Who finds what was under way again once the session is lost, newest key first: whoever signs in to the account, or whoever
 * comes with the device where nobody is signed in.
 */
export function foundAgainBy(fingerprints: Fingerprints, who: Who): readonly string[] {
  return who.signIn ? fingerprints.account(who.signIn.accountId) : fingerprints.person(who.device)
}
