import { credentialClaims, momentsOf } from '@anteroom/credential'
import type { RegistryEntry } from '@anteroom/vendor-clients'
import { z } from 'zod'
import { CredentialError } from './credential-error.ts'

const daySeconds = 24 * 60 * 60
/** How far from now the first day may be, either way; a registry may date an entry back or ahead a little. */
const firstDayWithinSeconds = 31 * daySeconds
const longestSeconds = 10 * 366 * daySeconds

/**
 * What the registry says is taken only if a credential of it could be checked: its number can be printed and read, its
 * days are in order, and today is not long before or after them.
 *
 * @param now Seconds since the epoch.
 * @throws CredentialError
 */
export function judgeEntry({ number, validFrom, validUntil }: RegistryEntry, now: number): void {
  if (!credentialClaims.shape.no.safeParse(number).success) {
    throw new CredentialError('REGISTRY_NUMBER_INVALID')
  }
  if (!areUsable(validFrom, validUntil, now)) throw new CredentialError('REGISTRY_DAYS_INVALID')
}

function areUsable(firstDay: string, lastDay: string, now: number): boolean {
  if (![firstDay, lastDay].every((day) => z.iso.date().safeParse(day).success)) return false
  const { nbf, exp } = momentsOf({ firstDay, lastDay })
  return (
    firstDay <= lastDay &&
    exp > now &&
    exp - nbf <= longestSeconds &&
    Math.abs(nbf - now) <= firstDayWithinSeconds
  )
}
