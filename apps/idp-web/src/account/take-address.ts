import type { Db } from '@anteroom/job-channel'
import type { WebDeps } from '../deps.ts'
import { happeningsOf } from '../security-events/happenings-of.ts'

/**
 * Prepares that an address becomes an account's. What it returns is called in the transaction in which it does: partners
 * of somebody else whose address it was learn that it is not theirs any more.
 *
 * @param newOwner Absent if the account is only made by that transaction.
 */
export async function takeAddress(
  { formerAddresses, securityEvents }: Pick<WebDeps, 'formerAddresses' | 'securityEvents'>,
  address: string,
  newOwner?: string,
): Promise<(tx: Db) => Promise<void>> {
  const before = await formerAddresses.ownerOf(address)
  const isOthers = before !== undefined && before !== newOwner
  const happenings = happeningsOf('address-taken', { email: address })
  const announcement = isOthers ? await securityEvents.announce(before, happenings) : undefined
  return async (tx) => {
    if (await formerAddresses.take(tx, address)) await announcement?.write(tx)
  }
}
