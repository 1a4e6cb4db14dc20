import { createHmac } from 'node:crypto'
import { type Partner, sectorOf } from './partners.ts'

/**
 * The name by which partners of one sector know an account. Partners of two sectors cannot tell that theirs are the
 * same person's, and nobody can without the key. Another key would make everybody a stranger to every partner.
 */
export function subjectFor(key: Uint8Array, partner: Partner, accountId: string): string {
  const sector = sectorOf(partner)
  return createHmac('sha256', key)
    .update(`anteroom subject ${sector.length} ${sector} ${accountId}`)
    .digest('base64url')
}
