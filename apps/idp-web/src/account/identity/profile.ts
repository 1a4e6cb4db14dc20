import type { z } from 'zod'
import type { WebDeps } from '../../deps.ts'
import { detailsSchema, phoneSchema } from '../../proofing/person-data.ts'
import type { Account } from '../accounts.ts'

/** What an account can keep of who somebody is. */
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
  .extend({ phone: phoneSchema.optional() })
export type Profile = z.output<typeof profile>

/** Undefined if the person had nothing kept. */
export async function openProfile(
  { openRecord }: Pick<WebDeps, 'openRecord'>,
  account: Account,
): Promise<Profile | undefined> {
  if (account.profile === undefined) return undefined
  const text = await openRecord({ name: 'account-profile', id: account.id }, account.profile)
  return profile.parse(JSON.parse(text))
}
