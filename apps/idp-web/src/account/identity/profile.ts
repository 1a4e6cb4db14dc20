import { z } from 'zod'
import type { WebDeps } from '../../deps.ts'
import { detailsSchema, phoneSchema } from '../../proofing/person-data.ts'
import type { Account } from '../accounts.ts'

/** What an account can keep of who somebody is: what was verified, but for the Social Security number and the card's. */
const profile = detailsSchema
  .pick({
    firstName: true,
    lastName: true,
    dateOfBirth: true,
    address1: true,
    address2: true,
    city: true,
    state: true,
    zipCode: true,
  })
  .extend({
    phone: phoneSchema.optional(),
    /** The details it was taken from, by their id in the session. */
    verification: z.string().optional(),
    /** Keyed hashes of the Social Security number, by which one live place in the line is allowed for each. */
    ssnHashes: z.array(z.string()).optional(),
    /** The credential that its owner took, which may be made for them again. */
    credentialId: z.string().optional(),
  })
export type Profile = z.output<typeof profile>

/** Where the profile of an account is sealed for. */
export const profileSlot = (accountId: string) => ({ name: 'account-profile', id: accountId })

/** Undefined if the person had nothing kept. */
export async function openProfile(
  { openRecord }: Pick<WebDeps, 'openRecord'>,
  account: Account,
): Promise<Profile | undefined> {
  if (account.profile === undefined) return undefined
  return profile.parse(JSON.parse(await openRecord(profileSlot(account.id), account.profile)))
}

/** Whether what is kept was taken from these details; they are named by their id in the session. */
export async function isProfileOf(
  deps: Pick<WebDeps, 'openRecord'>,
  account: Account,
  detailsId: string | undefined,
): Promise<boolean> {
  const kept = await openProfile(deps, account)
  return kept?.verification !== undefined && kept.verification === detailsId
}

/** In the place of what was kept before. */
export async function keepProfile(
  { accounts, sealRecord }: Pick<WebDeps, 'accounts' | 'sealRecord'>,
  accountId: string,
  kept: Profile,
): Promise<void> {
  await accounts.setProfile(
    accountId,
    await sealRecord(profileSlot(accountId), JSON.stringify(kept)),
  )
}
