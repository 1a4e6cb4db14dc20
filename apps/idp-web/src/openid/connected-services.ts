import type { Attribute } from './attributes.ts'
import { grantedAttributes } from './granted.ts'
import type { ServiceGrant } from './grants.ts'
import type { Openid } from './openid.ts'
import type { Partners } from './partners-file.ts'

/** A partner that the person has signed in to. */
export interface ConnectedService {
  readonly id: string
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly since: Date
}

/** Newest first; none where there are no partners. */
export async function connectedServices(
  openid: Openid | undefined,
  accountId: string,
): Promise<readonly ConnectedService[]> {
  if (!openid) return []
  const grants = await openid.grants.list(accountId)
  return grants.map((grant) => serviceOf(grant, openid.partners))
}

function serviceOf(grant: ServiceGrant, partners: Partners): ConnectedService {
  return {
    id: grant.partner,
    // A partner that is not there any more can still be taken off the list.
    name: partners.get(grant.partner)?.name ?? grant.partner,
    attributes: grantedAttributes(grant),
    since: new Date(grant.grantedAt),
  }
}
